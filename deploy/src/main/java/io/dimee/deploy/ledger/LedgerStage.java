package io.dimee.deploy.ledger;

import io.dimee.deploy.TemporaryFolder;
import io.dimee.deploy.pipeline.Health;
import io.dimee.deploy.pipeline.Stage;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicOffsets;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.ledger.LedgerApp;
import io.dimee.topology.ledger.LedgerTopology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The ledger and the folder of its state. */
public final class LedgerStage implements Stage {
  /** Kept unless configured otherwise. */
  public static final Duration RETENTION = Duration.ofDays(30);

  private final Optional<TemporaryFolder> temporary;
  private final LedgerApp app;

  private LedgerStage(Optional<TemporaryFolder> temporary, LedgerApp app) {
    this.temporary = temporary;
    this.app = app;
  }

  /**
   * Creates the ledger's topic, and a ledger that is not started yet.
   *
   * @param partitions of topics that do not exist yet
   * @param state folder of the store, or null for a temporary one: what it lacks is restored from
   *     the cluster
   * @param address host:port at which this instance answers others, or null when it is the only one
   */
  public static LedgerStage create(
      KafkaSettings settings,
      Topics topics,
      RecordFormats formats,
      int partitions,
      Duration retention,
      Path state,
      String address,
      MeterRegistry meters)
      throws InterruptedException {
    TopicSetup.ensure(settings, List.of(topics.predictions()), partitions);
    TopicSetup.ensureLedger(settings, topics, partitions, retention);
    int parts = parts(settings, topics);
    RocksDbLibrary.load();
    Optional<TemporaryFolder> temporary =
        state == null ? Optional.of(TemporaryFolder.create("dimee-ledger")) : Optional.empty();
    Path folder = temporary.map(TemporaryFolder::path).orElse(state);
    try {
      return new LedgerStage(
          temporary,
          new LedgerApp(
              new LedgerTopology(topics, formats, parts, retention),
              settings.ledger(topics.ledgerGroup(), folder, address),
              meters));
    } catch (RuntimeException | Error e) {
      temporary.ifPresent(TemporaryFolder::close);
      throw e;
    }
  }

  /**
   * As many as at the ledger's first start, when the topic of predictions decides: the store's
   * topics cannot be given more.
   */
  private static int parts(KafkaSettings settings, Topics topics) throws InterruptedException {
    try (TopicOffsets offsets = new TopicOffsets(settings)) {
      int existing = offsets.partitions(LedgerTopology.entries(topics)).size();
      return existing > 0 ? existing : offsets.partitions(topics.predictions()).size();
    }
  }

  /** The application, to be asked. */
  public LedgerApp app() {
    return app;
  }

  /**
   * Drops what predictions have added up to, since all that are there are to be counted again;
   * before {@link #start}.
   */
  public void forget(KafkaSettings settings, Topics topics) throws InterruptedException {
    TopicSetup.delete(
        settings, List.of(LedgerTopology.entries(topics), LedgerTopology.sums(topics)));
    app.forget();
  }

  @Override
  public void start() {
    app.start();
  }

  @Override
  public Health health() {
    return new Health("ledger", app.isLive(), app.isReady());
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
