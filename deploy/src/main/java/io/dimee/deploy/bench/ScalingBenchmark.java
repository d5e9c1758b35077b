package io.dimee.deploy.bench;

import io.dimee.deploy.events.InputItem;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.routing.Policy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Two edge workers against one, one thread each, where the edge answers everything. */
final class ScalingBenchmark implements AutoCloseable {
  private final List<InputItem.Event> events;
  private final BiConsumer<String, Integer> progress;
  private final List<Load> loads = new ArrayList<>();

  /**
   * Starts both.
   *
   * @param progress told what runs, and the answers so far
   */
  ScalingBenchmark(
      String bootstrapServers,
      ModelSource source,
      RecordFormats formats,
      List<InputItem.Event> events,
      BiConsumer<String, Integer> progress)
      throws InterruptedException {
    this.events = events;
    this.progress = progress;
    KafkaSettings settings = new KafkaSettings(bootstrapServers, Map.of());
    try {
      for (int workers : List.of(2, 1)) {
        OwnPipeline pipeline =
            OwnPipeline.start(
                workers == 1 ? "1 edge worker" : workers + " edge workers",
                bootstrapServers,
                source.withThreads(workers),
                Policy.EDGE_ONLY,
                formats);
        loads.add(
            Load.of(
                settings,
                pipeline,
                source.bundle().manifest().labels(),
                formats,
                Clock.systemUTC()));
      }
    } catch (RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  List<Throughput> run(double warmUp, int rounds) {
    for (Load load : loads) {
      load.warmUp(events, warmUp, progress);
    }
    Turns turns = new Turns();
    for (int round = 0; round < rounds; round++) {
      turns.begin();
      for (Load load : loads) {
        turns.add(load, events, "scaling, round %d, ".formatted(round + 1), progress);
      }
    }
    return turns.results();
  }

  @Override
  public void close() {
    for (Load load : loads) {
      load.close();
      load.contestant().close();
    }
  }
}
