package io.dimee.analytics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.dimee.inference.files.PrivateFiles;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.UnreadableRecordException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Adds records to a cache's file. They are staged as JSON in memory and cast to their columns by
 * the thousands; appending nested values one by one was slower where it was tried.
 */
final class CacheWriter implements AutoCloseable {
  private static final String STAGING = "staging";

  private final DuckDBConnection connection;
  private final Statement statement;
  private final CacheLock lock;
  private final JsonFactory factory =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
  private DuckDBAppender appender;

  private CacheWriter(DuckDBConnection connection, Statement statement, CacheLock lock) {
    this.connection = connection;
    this.statement = statement;
    this.lock = lock;
  }

  /**
   * Opens the file, making it when it is missing.
   *
   * @param lock with which the file may be written; closed with this
   */
  static CacheWriter open(Path file, CacheSchema schema, CacheLock lock)
      throws SQLException, IOException {
    try {
      DuckDBConnection connection = DuckDb.writing(file);
      try {
        PrivateFiles.restrict(file);
        return open(connection, schema, lock);
      } catch (SQLException | IOException e) {
        connection.close();
        throw e;
      }
    } catch (IOException e) {
      lock.close();
      throw e;
    } catch (SQLException e) {
      lock.close();
      throw new SQLException(
          "cannot write the cache %s: %s; --refresh rebuilds it".formatted(file, e.getMessage()),
          e);
    }
  }

  private static CacheWriter open(DuckDBConnection connection, CacheSchema schema, CacheLock lock)
      throws SQLException {
    Statement statement = connection.createStatement();
    for (String sql : schema.statements()) {
      statement.execute(sql);
    }
    statement.execute(
        "CREATE TEMP TABLE %s (partition INTEGER, \"offset\" BIGINT, written_at TIMESTAMP, value VARCHAR)"
            .formatted(STAGING));
    connection.setAutoCommit(false);
    CacheWriter writer = new CacheWriter(connection, statement, lock);
    writer.begin();
    return writer;
  }

  private void begin() throws SQLException {
    appender = connection.createAppender("temp", "main", STAGING);
  }

  /**
   * What was read of a topic; rows of an earlier topic of the same name go.
   *
   * @return by partition
   */
  Map<Integer, ReadRange> ranges(TopicTable<?> table, TopicState topic) throws SQLException {
    int earlier =
        statement.executeUpdate(
            "DELETE FROM ranges WHERE topic = %s AND topic_id <> %s"
                .formatted(DuckDb.quoted(topic.name()), DuckDb.quoted(topic.id())));
    if (earlier > 0) {
      statement.execute("TRUNCATE " + table.name());
      connection.commit();
    }
    return CacheSchema.ranges(connection, "ranges", topic);
  }

  /**
   * Stages records.
   *
   * @return how many of them could not be read and are left out
   * @throws SQLException when the database refuses them
   */
  <T extends SpecificRecord> int stage(
      TopicTable<T> table, RecordFormats formats, List<ConsumerRecord<byte[], byte[]>> records)
      throws SQLException {
    RecordFormat<T> format = formats.of(table.type());
    List<Staged> staged =
        records.parallelStream()
            // null is a tombstone
            .filter(record -> record.value() != null)
            .map(record -> decode(table, format, record))
            .toList();
    int unreadable = 0;
    for (Staged row : staged) {
      if (row.json == null) {
        unreadable++;
        continue;
      }
      appender
          .beginRow()
          .append(row.record.partition())
          .append(row.record.offset())
          .appendEpochMicros(TimeUnit.MILLISECONDS.toMicros(row.record.timestamp()))
          .append(row.json)
          .endRow();
    }
    return unreadable;
  }

  /**
   * A record and its columns.
   *
   * @param json null when it could not be read
   */
  private record Staged(ConsumerRecord<byte[], byte[]> record, String json) {}

  private <T extends SpecificRecord> Staged decode(
      TopicTable<T> table, RecordFormat<T> format, ConsumerRecord<byte[], byte[]> record) {
    T value;
    try {
      value = format.decode(record.topic(), record.value());
    } catch (UnreadableRecordException e) {
      return new Staged(record, null);
    }
    StringWriter text = new StringWriter();
    try (JsonGenerator json = factory.createGenerator(text)) {
      table.write(value, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Staged(record, text.toString());
  }

  /** Gives what is staged to the table, and says what has now been read, in one transaction. */
  void keep(TopicTable<?> table, TopicState topic, Map<Integer, ReadRange> ranges)
      throws SQLException {
    move(table);
    for (Map.Entry<Integer, ReadRange> range : ranges.entrySet()) {
      statement.execute(
          "INSERT OR REPLACE INTO ranges VALUES (%s, %s, %d, %d, %d)"
              .formatted(
                  DuckDb.quoted(topic.name()),
                  DuckDb.quoted(topic.id()),
                  range.getKey(),
                  range.getValue().first(),
                  range.getValue().next()));
    }
    connection.commit();
  }

  /** Gives what is staged to the table; it stays only if it is kept later. */
  void move(TopicTable<?> table) throws SQLException {
    appender.close();
    String type =
        table.columns().stream()
            .map(Column::jsonDeclaration)
            .collect(Collectors.joining(", ", "STRUCT(", ")"));
    String values =
        table.columns().stream().map(column -> column.from("x")).collect(Collectors.joining(", "));
    statement.execute(
        "INSERT INTO %s SELECT %s, partition, \"offset\", written_at FROM (SELECT value::JSON::%s AS x, * FROM %s)"
            .formatted(table.name(), values, type, STAGING));
    statement.execute("TRUNCATE " + STAGING);
    begin();
  }

  @Override
  public void close() throws SQLException, IOException {
    try (lock;
        connection) {
      appender.close();
      statement.close();
      connection.rollback();
    }
  }
}
