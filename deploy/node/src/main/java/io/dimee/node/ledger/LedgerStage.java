package io.dimee.node.ledger;

import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.ledger.LedgerApp;
import io.dimee.topology.ledger.LedgerTopology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The ledger and the folder of its state. */
public final class LedgerStage extends StoreStage<LedgerApp> {
  private LedgerStage(Topics topics, Optional<Path> state, Function<Path, LedgerApp> app) {
    super(new Own("ledger", topics.ledgerGroup(), LedgerTopology.own(topics)), state, app);
  }

  /** Creates the ledger's topic, and a ledger that is not started yet. */
  public static LedgerStage create(Connection connection, Settings own, MeterRegistry meters)
      throws InterruptedException {
    KafkaSettings settings = connection.settings();
    Topics topics = connection.topics();
    TopicSetup.ensure(settings, List.of(topics.predictions()), own.partitions());
    TopicSetup.ensureLedger(settings, topics, own.partitions(), own.retention());
    int parts = parts(settings, LedgerTopology.entries(topics), topics.predictions());
    return new LedgerStage(
        topics,
        own.state(),
        folder ->
            new LedgerApp(
                new LedgerTopology(connection.wire(), parts, own.retention()),
                settings.ledger(topics.ledgerGroup(), folder, own.address().orElse(null)),
                meters));
  }
}
