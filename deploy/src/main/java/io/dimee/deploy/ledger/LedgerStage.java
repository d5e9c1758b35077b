package io.dimee.deploy.ledger;

import io.dimee.serdes.RecordFormats;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.TopicSetup;
import io.dimee.topology.Topics;
import io.dimee.topology.ledger.LedgerApp;
import io.dimee.topology.ledger.LedgerTopology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** The ledger and the folder of its state. */
public final class LedgerStage extends StoreStage<LedgerApp> {
  /** Kept unless configured otherwise. */
  public static final Duration RETENTION = Duration.ofDays(30);

  private LedgerStage(Topics topics, Path state, Function<Path, LedgerApp> app) {
    super(new Own("ledger", topics.ledgerGroup(), LedgerTopology.own(topics)), state, app);
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
    int parts = parts(settings, LedgerTopology.entries(topics), topics.predictions());
    return new LedgerStage(
        topics,
        state,
        folder ->
            new LedgerApp(
                new LedgerTopology(topics, formats, parts, retention),
                settings.ledger(topics.ledgerGroup(), folder, address),
                meters));
  }
}
