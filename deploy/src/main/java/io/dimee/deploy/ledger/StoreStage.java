package io.dimee.deploy.ledger;

import io.dimee.deploy.TemporaryFolder;
import io.dimee.deploy.pipeline.Health;
import io.dimee.deploy.pipeline.Stage;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.TopicOffsets;
import io.dimee.topology.TopicSetup;
import io.dimee.topology.ledger.StoreApp;
import java.nio.file.Path;
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
   * @param state folder of the store, or null for a temporary one
   */
  StoreStage(Own own, Path state, Function<Path, A> app) {
    RocksDbLibrary.load();
    this.own = own;
    this.temporary =
        state == null
            ? Optional.of(TemporaryFolder.create("dimee-" + own.name()))
            : Optional.empty();
    try {
      this.app = app.apply(temporary.map(TemporaryFolder::path).orElse(state));
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
