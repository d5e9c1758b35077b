package io.dimee.deploy.bench;

import io.dimee.deploy.events.InputItem;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/** The whole pipeline against what people would otherwise run, on one broker. */
final class PipelineBenchmark implements AutoCloseable {
  static final String BARE = "bare loop";

  private static final int PARTITIONS = 2;
  private static final double HALF = 0.5;
  private static final List<Double> LOADS = List.of(0.1, HALF, 0.8);

  private final List<InputItem.Event> events;
  private final BiConsumer<String, Integer> progress;
  private final List<Load> loads = new ArrayList<>();
  private final List<TokenizedText> texts;
  private final BareLoop bare;
  private final ProcessorClock clock = new ProcessorClock();
  private final ProcessorClock halfLoad = new ProcessorClock();

  /**
   * Starts all contestants.
   *
   * @param progress told what runs, and the answers so far
   */
  PipelineBenchmark(
      String bootstrapServers,
      ModelSource source,
      Policy policy,
      RecordFormats formats,
      List<InputItem.Event> events,
      BiConsumer<String, Integer> progress)
      throws InterruptedException {
    this.events = events;
    this.progress = progress;
    KafkaSettings settings = new KafkaSettings(bootstrapServers, Map.of());
    List<String> classes = source.bundle().manifest().labels();
    try (TextTokenizer tokenizer = TextTokenizer.of(source.bundle())) {
      this.texts = events.stream().map(e -> tokenizer.tokenize(e.text(), e.pair())).toList();
    }
    this.bare = new BareLoop(source, source.threads());
    try {
      add(
          settings,
          OwnPipeline.start(policy.id(), bootstrapServers, source, policy, formats),
          classes,
          formats);
      add(
          settings,
          StreamsBaseline.start(
              settings, topics(settings, "bench-streams."), formats, source.bundle()),
          classes,
          formats);
      add(
          settings,
          BatchBaseline.start(
              settings, topics(settings, "bench-batches."), formats, source.bundle()),
          classes,
          formats);
    } catch (RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private static Topics topics(KafkaSettings settings, String prefix) throws InterruptedException {
    Topics topics = new Topics(prefix);
    TopicSetup.ensure(settings, topics.all(), PARTITIONS);
    return topics;
  }

  private void add(
      KafkaSettings settings, Contestant contestant, List<String> classes, RecordFormats formats) {
    loads.add(Load.of(settings, contestant, classes, formats, Clock.systemUTC()));
  }

  /**
   * Lets each contestant answer some events.
   *
   * @param seconds of each
   */
  void warmUp(double seconds) {
    for (Load load : loads) {
      load.warmUp(events, seconds, progress);
    }
    bare.run(texts);
  }

  /** All contestants in turn, round after round; this project first. */
  List<Throughput> throughput(int rounds) {
    Turns turns = new Turns();
    for (int round = 0; round < rounds; round++) {
      turns.begin();
      String stage = "throughput, round %d, ".formatted(round + 1);
      clock.begin();
      turns.add(loads.get(0), events, stage, progress);
      clock.end(events.size());
      for (Load other : loads.subList(1, loads.size())) {
        turns.add(other, events, stage, progress);
      }
      clock.begin();
      turns.add(BARE, events.size() / bare.run(texts), OptionalDouble.empty());
      clock.endOf(BARE, events.size());
    }
    return turns.results();
  }

  /** Where the processor time of this project's turns went, beside the bare loop's. */
  List<ProcessorUse> processorUse() {
    return clock.results();
  }

  /** The same while this project answered half of what it can. */
  List<ProcessorUse> processorUseAtHalfLoad() {
    return halfLoad.results();
  }

  /**
   * Every contestant at parts of its own throughput.
   *
   * @param seconds that each is sent events, after as long unmeasured
   */
  List<Latency> latency(List<Throughput> throughputs, double seconds) {
    List<Latency> latencies = new ArrayList<>();
    for (double part : LOADS) {
      for (int i = 0; i < loads.size(); i++) {
        Load load = loads.get(i);
        double rate = part * throughputs.get(i).perSecond().median();
        String name = load.contestant().name();
        String stage = "latency at %.0f %%, %s".formatted(100 * part, name);
        List<InputItem.Event> sent = cycled((int) (rate * seconds));
        // once for Java's compiler: small batches run other paths than full ones
        load.run(sent, rate, n -> progress.accept("warm-up for " + stage, n));
        boolean clocked = i == 0 && part == HALF;
        if (clocked) {
          halfLoad.begin();
        }
        Load.Result result = load.run(sent, rate, n -> progress.accept(stage, n));
        if (clocked) {
          halfLoad.end(sent.size());
        }
        latencies.add(
            new Latency(
                name,
                part,
                rate,
                result.percentile(0.5),
                result.percentile(0.95),
                result.percentile(0.99)));
      }
    }
    return latencies;
  }

  private List<InputItem.Event> cycled(int count) {
    List<InputItem.Event> cycled = new ArrayList<>();
    for (int i = 0; i < Math.max(1, count); i++) {
      cycled.add(events.get(i % events.size()));
    }
    return cycled;
  }

  @Override
  public void close() {
    for (Load load : loads) {
      load.close();
      load.contestant().close();
    }
    bare.close();
  }
}
