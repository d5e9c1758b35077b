package io.dimee.node.ledger;

import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.ledger.UnansweredApp;
import io.dimee.topology.ledger.UnansweredTopology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What looks for events without an outcome, and the folder of its state. */
public final class UnansweredStage extends StoreStage<UnansweredApp> {
  private UnansweredStage(Topics topics, Optional<Path> state, Function<Path, UnansweredApp> app) {
    super(
        new Own("unanswered", topics.unansweredGroup(), UnansweredTopology.own(topics)),
        state,
        app);
  }

  /** Creates the topics that it reads, and an application that is not started yet. */
  public static UnansweredStage create(Connection connection, Settings own, MeterRegistry meters)
      throws InterruptedException {
    KafkaSettings settings = connection.settings();
    Topics topics = connection.topics();
    TopicSetup.ensure(
        settings,
        List.of(topics.events(), topics.predictions(), topics.deadLetters()),
        own.partitions());
    int parts = parts(settings, UnansweredTopology.marks(topics), topics.events());
    return new UnansweredStage(
        topics,
        own.state(),
        folder ->
            new UnansweredApp(
                new UnansweredTopology(connection.wire(), parts, own.retention()),
                settings.ledger(topics.unansweredGroup(), folder, own.address().orElse(null)),
                meters));
  }
}
