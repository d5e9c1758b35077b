package io.dimee.analytics;

import io.dimee.client.outcomes.RangeReader;
import io.dimee.inference.files.PrivateFiles;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** SQL over a cluster's topics, by way of a cache on this machine. */
public final class Analytics {
  private static final RangeReader.Limits LIMITS = RangeReader.Limits.ofPoll(4_000);
  private static final String SUFFIX = ".duckdb";

  /** DuckDB's own log of a file. */
  private static final String WAL = ".wal";

  private static final String LOCK = ".lock";
  private static final Duration UNUSED = Duration.ofDays(30);

  /** A first query over millions of records takes minutes; nobody waits longer for another's. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final KafkaSettings settings;
  private final Topics topics;
  private final RecordFormats formats;
  private final Path directory;
  private final Tables tables = new Tables(View.load());
  private final CacheSchema schema = new CacheSchema(tables.topics());
  private final Database database;

  /**
   * Prepares; nothing is asked yet.
   *
   * @param formats the caller's to close
   * @param directory where caches are; made when it is missing
   * @param database the caller's to close
   */
  public Analytics(
      KafkaSettings settings,
      Topics topics,
      RecordFormats formats,
      Path directory,
      Database database) {
    this.settings = settings;
    this.topics = topics;
    this.formats = formats;
    this.directory = directory;
    this.database = database;
  }

  /**
   * A directory for caches that DuckDB can use.
   *
   * @throws ConfigurationException when it cannot use this one
   */
  public static Path usable(Path directory) {
    if (directory.toAbsolutePath().toString().indexOf('?') >= 0) {
      // it takes what follows for options, but only in the name of the log
      throw new ConfigurationException(
          "cache-dir=%s: DuckDB cannot use it; valid: a directory without a question mark in its path"
              .formatted(directory));
    }
    return directory;
  }

  /**
   * A table or view that SQL may name.
   *
   * @param doc one line for people
   */
  public record Name(String name, String doc) {}

  /** All that SQL may name, tables first. */
  public static List<Name> names() {
    List<View> views = View.load();
    return Stream.concat(
            new Tables(views).topics().stream().map(table -> new Name(table.name(), table.doc())),
            views.stream().map(view -> new Name(view.name(), view.doc())))
        .toList();
  }

  /** Hears how the reading of the topics goes; it is silent when nothing is to be read. */
  public interface Watcher {
    /**
     * Some of the records have been read.
     *
     * @param done so many so far
     * @param most so many at most
     */
    void read(long done, long most);

    /** Reading has ended; so many records of all could not be decoded and are left out. */
    void end(long records, long unreadable);
  }

  /**
   * Reads what SQL needs and the cache lacks, and gets ready to run it.
   *
   * @param sql what will be run; only topics that it names are read
   * @param span records that it sees
   * @param refresh whether what the cache has is forgotten first
   * @throws IOException when the cache cannot be used
   * @throws SQLException when its database cannot be used
   */
  public QuerySession open(String sql, TimeSpan span, boolean refresh, Watcher watcher)
      throws IOException, SQLException, InterruptedException {
    ClusterView.Found found;
    try (ClusterView cluster = new ClusterView(settings)) {
      found = cluster.look(tables.mentionedIn(sql), topics, span.since());
    }
    Path file = directory.resolve(schema.fileName(found.clusterId(), topics) + SUFFIX);
    try {
      PrivateFiles.createFolder(directory);
      // earlier builds let others read it
      PrivateFiles.restrict(directory);
    } catch (IOException e) {
      throw new IOException(
          "cannot create the directory %s; choose another with --cache-dir"
              .formatted(e.getMessage()),
          e);
    }
    deleteUnused();
    if (refresh) {
      forget(file);
    }
    Connection connection = database.connection();
    QuerySession session = attach(connection, file, found.topics(), watcher);
    try {
      session.show(tables, span);
      return session;
    } catch (SQLException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private QuerySession attach(
      Connection connection, Path file, Map<TopicTable<?>, TopicState> found, Watcher watcher)
      throws IOException, SQLException, InterruptedException {
    if (Files.exists(file)) {
      QuerySession session = QuerySession.attach(connection, file, lock(file, true));
      if (isCurrent(session, found)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return session;
      }
      session.detach();
    }
    update(file, found, watcher);
    return QuerySession.attach(connection, file, lock(file, true));
  }

  private static boolean isCurrent(QuerySession session, Map<TopicTable<?>, TopicState> found)
      throws SQLException {
    for (TopicState topic : found.values()) {
      if (!ReadPlan.of(topic, session.ranges(topic)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void update(Path file, Map<TopicTable<?>, TopicState> found, Watcher watcher)
      throws IOException, SQLException, InterruptedException {
    try (CacheWriter writer = CacheWriter.open(file, schema, lock(file, false));
        RangeReader reader = new RangeReader(settings, LIMITS)) {
      long most = 0;
      for (Map.Entry<TopicTable<?>, TopicState> entry : found.entrySet()) {
        TopicState topic = entry.getValue();
        most += ReadPlan.of(topic, writer.ranges(entry.getKey(), topic)).size();
      }
      long all = most;
      CacheUpdate update =
          new CacheUpdate(writer, reader, formats, done -> watcher.read(done, all));
      for (Map.Entry<TopicTable<?>, TopicState> entry : found.entrySet()) {
        update.run(entry.getKey(), entry.getValue());
      }
      watcher.end(update.read(), update.unreadable());
    }
  }

  private void forget(Path file) throws IOException, InterruptedException {
    CacheLock lock = lock(file, false);
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(beside(file, WAL));
    } finally {
      lock.close();
    }
  }

  private static CacheLock lock(Path file, boolean shared)
      throws IOException, InterruptedException {
    return CacheLock.take(beside(file, LOCK), shared, PATIENCE);
  }

  private static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private void deleteUnused() throws IOException {
    Instant limit = Instant.now().minus(UNUSED);
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.getFileName().toString().endsWith(SUFFIX)).toList();
    }
    for (Path file : files) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
        for (String suffix : List.of("", WAL, LOCK)) {
          Files.deleteIfExists(beside(file, suffix));
        }
      }
    }
  }
}
