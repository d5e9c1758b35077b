package io.dimee.node.ledger;

import io.dimee.inference.files.TemporaryFolder;
import io.dimee.node.stages.Health;
import io.dimee.node.stages.Stage;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicOffsets;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.ledger.StoreApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An application with a store, and the folder of its state.
 *
 * @param <A> the application
 */
public abstract class StoreStage<A extends StoreApp> implements Stage {
  private final Own own;
  private final Optional<TemporaryFolder> temporary;
  private final A app;

  /** Kept unless configured otherwise. */
  public static final Duration RETENTION = Duration.ofDays(30);

  /**
   * How an instance keeps its store.
   *
   * @param partitions of topics that do not exist yet
   * @param retention how long the store knows what it has read
   * @param state folder of the store, or none for a temporary one: what it lacks is restored from
   *     the cluster
   * @param address host:port at which this instance answers others, or none when it is the only one
   */
  public record Settings(
      int partitions, Duration retention, Optional<Path> state, Optional<String> address) {}

  /**
   * What an application is known by.
   *
   * @param name for people
   * @param group its consumer group
   * @param topics that Kafka Streams makes for it
   */
  record Own(String name, String group, List<String> topics) {}

  /**
   * Creates the application in its folder.
   *
   * @param state folder of the store, or none for a temporary one
   */
  StoreStage(Own own, Optional<Path> state, Function<Path, A> app) {
    RocksDbLibrary.load();
    this.own = own;
    this.temporary =
        state.isPresent()
            ? Optional.empty()
            : Optional.of(TemporaryFolder.create("dimee-" + own.name()));
    try {
      this.app = app.apply(temporary.map(TemporaryFolder::path).or(() -> state).orElseThrow());
    } catch (RuntimeException | Error e) {
      temporary.ifPresent(TemporaryFolder::close);
      throw e;
    }
  }

  /**
   * As many parts as at the first start, when another topic decides: the store's topics cannot be
   * given more.
   *
   * @param own topic whose partitions are the parts
   */
  static int parts(KafkaSettings settings, String own, String otherwise)
      throws InterruptedException {
    try (TopicOffsets offsets = new TopicOffsets(settings)) {
      int existing = offsets.partitions(own).size();
      return existing > 0 ? existing : offsets.partitions(otherwise).size();
    }
  }

  /** The application, to be asked. */
  public A app() {
    return app;
  }

  /**
   * Drops what the store holds, since all that is there is to be counted again; before {@link
   * #start}. What another instance has begun with meanwhile is left alone.
   */
  public void forget(KafkaSettings settings) throws InterruptedException {
    try (TopicOffsets offsets = new TopicOffsets(settings)) {
      if (!offsets.hasMembers(own.group())) {
        TopicSetup.delete(settings, own.topics());
      }
    }
    app.forget();
  }

  @Override
  public void start() {
    app.start();
  }

  @Override
  public Health health() {
    return new Health(own.name(), app.isLive(), app.isReady());
  }

  @Override
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  @Override
  public void close() {
    app.close();
    temporary.ifPresent(TemporaryFolder::close);
  }
}
