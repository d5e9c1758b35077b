package io.dimee.k8s.scaling;

import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.Stage;
import io.dimee.node.stages.TierStage;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The edge tier's workers, one thread each, as a Deployment's pods: the youngest goes first. */
final class Edges implements AutoCloseable {
  private final ModelSource source;
  private final Connection connection;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<Stage> loaded = new ArrayDeque<>();
  private final Deque<Stage> running = new ArrayDeque<>();
  private long busySeen = System.nanoTime();
  private double busyBefore;

  Edges(ModelSource source, Connection connection) {
    this.source = source;
    this.connection = connection;
  }

  /** Loads models, which a pod does on its own node and here would take the others' cores. */
  void load(int workers) {
    for (int i = 0; i < workers; i++) {
      loaded.push(
          TierStage.create(
              Tier.EDGE,
              List.of(source),
              connection,
              Delivery.EXACTLY_ONCE,
              SpillSwitch.never(),
              new Telemetry(meters, EventTracer.off())));
    }
  }

  /** Starts or ends workers; those that end have committed and left their group on return. */
  void scaleTo(int workers) {
    while (running.size() < workers) {
      if (loaded.isEmpty()) {
        load(1);
      }
      running.push(loaded.pop());
      running.peek().start();
    }
    while (running.size() > workers) {
      running.pop().close();
    }
  }

  int size() {
    return running.size();
  }

  int ready() {
    return (int) running.stream().filter(edge -> edge.health().ready()).count();
  }

  /** Share of their time that the workers have spent on batches since it was asked last. */
  double use() {
    double busy = meters.get("dimee.batch.time").timer().totalTime(TimeUnit.NANOSECONDS);
    long now = System.nanoTime();
    double use = (busy - busyBefore) / (now - busySeen) / running.size();
    busySeen = now;
    busyBefore = busy;
    return use;
  }

  @Override
  public void close() {
    scaleTo(0);
    loaded.forEach(Stage::close);
  }
}
