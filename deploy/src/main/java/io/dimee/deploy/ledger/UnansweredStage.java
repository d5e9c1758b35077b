package io.dimee.deploy.ledger;

import io.dimee.serdes.RecordFormats;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.TopicSetup;
import io.dimee.topology.Topics;
import io.dimee.topology.ledger.UnansweredApp;
import io.dimee.topology.ledger.UnansweredTopology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What looks for events without an outcome, and the folder of its state. */
public final class UnansweredStage extends StoreStage<UnansweredApp> {
  private UnansweredStage(Topics topics, Path state, Function<Path, UnansweredApp> app) {
    super(
        new Own("unanswered", topics.unansweredGroup(), UnansweredTopology.own(topics)),
        state,
        app);
  }

  /**
   * Creates the topics that it reads, and an application that is not started yet.
   *
   * @param partitions of topics that do not exist yet
   * @param retention how long an event is known to have no outcome
   * @param state folder of the store, or null for a temporary one: what it lacks is restored from
   *     the cluster
   * @param address host:port at which this instance answers others, or null when it is the only one
   */
  public static UnansweredStage create(
      KafkaSettings settings,
      Topics topics,
      RecordFormats formats,
      int partitions,
      Duration retention,
      Path state,
      String address,
      MeterRegistry meters)
      throws InterruptedException {
    TopicSetup.ensure(
        settings, List.of(topics.events(), topics.predictions(), topics.deadLetters()), partitions);
    int parts = parts(settings, UnansweredTopology.marks(topics), topics.events());
    return new UnansweredStage(
        topics,
        state,
        folder ->
            new UnansweredApp(
                new UnansweredTopology(topics, formats, parts, retention),
                settings.ledger(topics.unansweredGroup(), folder, address),
                meters));
  }
}
