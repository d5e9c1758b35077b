package io.dimee.benchmarks;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.routing.Policy;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the router does with an event, on one core and without Kafka. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class RouterBenchmark {
  /** 26 tokens, about the mean of SST-2's dev rows. */
  private static final String TEXT =
      "a warm , funny and quietly moving film that takes its time with people who have been left"
          + " out of so many others";

  /** Folder of the bundle, from where the benchmarks are started. */
  @Param("models/bundles/sst2")
  public String bundle;

  /** Folder of what is assembled of the bundle; it stays for the next run. */
  @Param("target/benchmark-cache")
  public String cache;

  private final Topics topics = new Topics("bench.");
  private final RecordFormats formats = new SingleObjectFormats();
  private TextTokenizer tokenizer;
  private MeanEmbedding embedding;
  private EventRouter router;
  private byte[] event;
  private TokenizedText tokenized;

  /** Loads what a router needs. */
  @Setup
  public void load() {
    Bundle opened = Bundle.open(Path.of(bundle));
    tokenizer = TextTokenizer.of(opened);
    embedding = new ModelFiles(opened, new FileCache(Path.of(cache))).meanEmbedding();
    BenchmarkedRouter benchmarked = new BenchmarkedRouter(opened, topics, formats);
    router = benchmarked.of(tokenizer, embedding, Policy.CASCADE);
    tokenized = tokenizer.tokenize(TEXT, null);
    event = benchmarked.event("1", TEXT);
  }

  /** Word pieces alone. */
  @Benchmark
  public TokenizedText tokenize() {
    return tokenizer.tokenize(TEXT, null);
  }

  /** The feature alone. */
  @Benchmark
  public float[] embed() {
    return embedding.of(tokenized);
  }

  /** From the event's bytes to the task's, or to the answer's from words alone. */
  @Benchmark
  public byte[] route() {
    EventRouter.Decision decision = router.route(event);
    if (decision instanceof EventRouter.Answered answered) {
      return formats.of(Prediction.class).encode(topics.predictions(), answered.prediction());
    }
    EventRouter.Routed routed = (EventRouter.Routed) decision;
    return formats.of(InferenceTask.class).encode(topics.tasks(routed.start()), routed.task());
  }

  /** Frees the tokenizer. */
  @TearDown
  public void close() {
    tokenizer.close();
  }
}
