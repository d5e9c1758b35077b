package io.dimee.deploy.bench;

import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.deploy.events.InputItem;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.routing.Policy;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** All benchmarks of the project. */
public final class Benchmarks {
  /** What can be measured. */
  public enum Part {
    LAYERS,
    OPERATORS,
    CODECS,
    THROUGHPUT,
    LATENCY,
    SCALING,
    PROCESSES
  }

  private final ModelSource source;
  private final Policy policy;
  private final RecordFormats formats;
  private final List<InputItem.Event> events;
  private final Plan plan;
  private final BiConsumer<String, Integer> progress;

  /**
   * How much is measured.
   *
   * @param warmUp seconds that each contestant answers before it is measured: Java compiles what
   *     runs often, and on two cores that compiler takes a quarter of them at first
   * @param rounds in which contestants take turns
   * @param seconds that latency is measured at each load
   * @param endurance events that the processes answer
   */
  public record Plan(Set<Part> parts, double warmUp, int rounds, double seconds, int endurance) {}

  /** What was measured; parts that were not are empty. */
  public record Result(
      Machine machine,
      String modelId,
      String precision,
      String policy,
      int events,
      int rounds,
      List<LayerSpeed> layers,
      List<OperatorSpeed> operators,
      List<CodecSpeed> codecs,
      List<Throughput> throughput,
      List<ProcessorUse> processorUse,
      List<ProcessorUse> processorUseAtHalfLoad,
      List<Latency> latency,
      List<Throughput> scaling,
      List<StartUp> startUps,
      List<Endurance> endurance) {}

  /**
   * Prepares.
   *
   * @param progress told what runs, and how many events are answered
   */
  public Benchmarks(
      ModelSource source,
      Policy policy,
      RecordFormats formats,
      List<InputItem.Event> events,
      Plan plan,
      BiConsumer<String, Integer> progress) {
    this.source = source;
    this.policy = policy;
    this.formats = formats;
    this.events = List.copyOf(events);
    this.plan = plan;
    this.progress = progress;
  }

  /** Runs everything that was asked for. */
  public Result run() throws InterruptedException {
    List<LayerSpeed> layers = List.of();
    if (plan.parts().contains(Part.LAYERS)) {
      progress.accept("layers", 0);
      layers = new LayerBenchmark(source, plan.rounds()).run();
    }
    List<OperatorSpeed> operators = List.of();
    if (plan.parts().contains(Part.OPERATORS)) {
      progress.accept("operators", 0);
      operators = new OperatorBenchmark(source).run();
    }
    List<CodecSpeed> codecs = List.of();
    if (plan.parts().contains(Part.CODECS)) {
      progress.accept("codecs", 0);
      codecs = new CodecBenchmark(source, events, plan.rounds()).run();
    }
    List<Throughput> throughput = List.of();
    List<ProcessorUse> processorUse = List.of();
    List<ProcessorUse> processorUseAtHalfLoad = List.of();
    List<Latency> latency = List.of();
    if (plan.parts().contains(Part.THROUGHPUT) || plan.parts().contains(Part.LATENCY)) {
      try (EmbeddedBroker broker = EmbeddedBroker.temporary();
          PipelineBenchmark pipeline =
              new PipelineBenchmark(
                  broker.bootstrapServers(), source, policy, formats, events, progress)) {
        pipeline.warmUp(plan.warmUp());
        throughput = pipeline.throughput(plan.rounds());
        processorUse = pipeline.processorUse();
        if (plan.parts().contains(Part.LATENCY)) {
          latency = pipeline.latency(throughput, plan.seconds());
          processorUseAtHalfLoad = pipeline.processorUseAtHalfLoad();
        }
      }
    }
    List<Throughput> scaling = List.of();
    if (plan.parts().contains(Part.SCALING)) {
      try (EmbeddedBroker broker = EmbeddedBroker.temporary();
          ScalingBenchmark edges =
              new ScalingBenchmark(broker.bootstrapServers(), source, formats, events, progress)) {
        scaling = edges.run(plan.warmUp(), plan.rounds());
      }
    }
    ProcessBenchmark.Result processes = new ProcessBenchmark.Result(List.of(), List.of());
    if (plan.parts().contains(Part.PROCESSES)) {
      processes =
          new ProcessBenchmark(source, policy, formats, events, progress).run(plan.endurance());
    }
    return new Result(
        Machine.here(),
        source.bundle().modelId(),
        EnumNames.lower(source.bundle().manifest().precision()),
        policy.id(),
        events.size(),
        plan.rounds(),
        layers,
        operators,
        codecs,
        throughput,
        processorUse,
        processorUseAtHalfLoad,
        latency,
        scaling,
        processes.startUps(),
        processes.endurance());
  }
}
