package io.dimee.k8s.scaling;

import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.deploy.pipeline.Stage;
import io.dimee.deploy.pipeline.TierStage;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.tracing.EventTracer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The edge tier's workers, one thread each, as a Deployment's pods: the youngest goes first. */
final class Edges implements AutoCloseable {
  private final ModelSource source;
  private final KafkaSettings settings;
  private final Topics topics;
  private final RecordFormats formats;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Deque<Stage> loaded = new ArrayDeque<>();
  private final Deque<Stage> running = new ArrayDeque<>();
  private long busySeen = System.nanoTime();
  private double busyBefore;

  Edges(ModelSource source, KafkaSettings settings, Topics topics, RecordFormats formats) {
    this.source = source;
    this.settings = settings;
    this.topics = topics;
    this.formats = formats;
  }

  /** Loads models, which a pod does on its own node and here would take the others' cores. */
  void load(int workers) {
    for (int i = 0; i < workers; i++) {
      loaded.push(
          TierStage.create(
              Tier.EDGE,
              List.of(source),
              settings,
              topics,
              Delivery.EXACTLY_ONCE,
              formats,
              SpillSwitch.never(),
              meters,
              EventTracer.off()));
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
