package io.dimee.node.stages;

import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.lifecycle.Closing;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.Telemetry;
import java.util.List;

/** Router and three tiers in this process. */
public final class LocalPipeline implements AutoCloseable {
  private static final int PARTITIONS = 2;

  private final SegmentSet segments;
  private final Stages stages;

  private LocalPipeline(SegmentSet segments, Stages stages) {
    this.segments = segments;
    this.stages = stages;
  }

  /**
   * Assembles what the cache lacks, so that a bundle that cannot be used is found before a broker
   * starts.
   */
  public static void requireUsable(ModelSource source) {
    source.files().segments(source.bundle().manifest().tiers().cloud());
  }

  /** Creates topics and starts all stages. */
  public static LocalPipeline start(
      Connection connection,
      ModelSource source,
      Delivery delivery,
      Policy policy,
      Telemetry telemetry)
      throws InterruptedException {
    TopicSetup.ensure(connection.settings(), connection.topics().all(), PARTITIONS);
    // the deepest tier's has what the others need
    SegmentSet segments = source.load(Tier.CLOUD);
    Stages stages = new Stages();
    try {
      for (Tier tier : Tier.values()) {
        stages.add(
            TierStage.create(
                tier, segments, source, connection, delivery, SpillSwitch.never(), telemetry));
      }
      stages.add(
          RouterStage.create(
              source,
              connection,
              delivery,
              policy,
              PayloadHead.KEPT,
              SpillSwitch.never(),
              telemetry));
      stages.start();
      return new LocalPipeline(segments, stages);
    } catch (RuntimeException | InterruptedException | Error e) {
      Closing.all(e, stages, segments);
      throw e;
    }
  }

  /** How the stages are. */
  public List<Health> health() {
    return stages.health();
  }

  /** Rethrows what stopped a stage, if anything did. */
  public void throwIfFailed() {
    stages.throwIfFailed();
  }

  @Override
  public void close() {
    // the router first: what it has sent can still be answered
    try {
      stages.close();
    } finally {
      segments.close();
    }
  }
}
