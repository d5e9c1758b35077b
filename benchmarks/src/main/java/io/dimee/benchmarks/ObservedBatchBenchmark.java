package io.dimee.benchmarks;

import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tier.TaskProcessor;
import io.dimee.topology.tier.TierMeters;
import io.dimee.topology.tier.TierModel;
import io.dimee.topology.tier.TierSpans;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.TraceHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs a batch of the mobile tier to be counted and traced, on one core and without Kafka.
 * Beside the batch, not as batches with and without: they differ by less than two runs of the same
 * do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ObservedBatchBenchmark {
  private static final int EVENTS = 32;

  /** Folder of the bundle, from where the benchmarks are started. */
  @Param("models/bundles/sst2")
  public String bundle;

  /** Folder of what is assembled of the bundle; it stays for the next run. */
  @Param("target/benchmark-cache")
  public String cache;

  private final Topics topics = new Topics("bench.");
  private final RecordFormats formats = new SingleObjectFormats();
  private final MeterRegistry none = new CompositeMeterRegistry();
  private final MeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(EVENTS);
  private OpenTelemetrySdk openTelemetry;
  private SegmentSet segments;
  private TaskProcessor processor;
  private List<Prediction> predictions;
  private InferenceTask task;
  private TierMeters meters;
  private TierSpans spans;

  /** Takes spans and keeps none: what a collector costs is another process's. */
  private static final class Discarding implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  /** Loads a tier, and makes a batch for it. */
  @Setup
  public void load() {
    Bundle opened = Bundle.open(Path.of(bundle));
    ModelFiles files = new ModelFiles(opened, new FileCache(Path.of(cache)));
    segments = SegmentSet.load(opened, files, opened.manifest().tiers().mobile(), 1);
    openTelemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(BatchSpanProcessor.builder(new Discarding()).build())
                    .build())
            .build();
    BenchmarkedRouter benchmarked = new BenchmarkedRouter(opened, topics, formats);
    meters = new TierMeters(prometheus, Tier.MOBILE);
    spans = new TierSpans(new EventTracer(openTelemetry), Tier.MOBILE);
    processor =
        new TaskProcessor(
            Tier.MOBILE,
            new TierModel(
                opened.manifest(),
                opened.modelId(),
                segments.model(),
                benchmarked.costs(),
                benchmarked.planner(),
                HiddenCodec.FP16),
            benchmarked.wire(),
            SpillSwitch.never(),
            new TierMeters(none, Tier.MOBILE),
            EventTracer.off(),
            Clock.systemUTC());
    try (TextTokenizer tokenizer = TextTokenizer.of(opened)) {
      EventRouter router = benchmarked.of(tokenizer, files.meanEmbedding(), Policy.MOBILE_ONLY);
      for (int i = 0; i < EVENTS; i++) {
        String id = "e" + i;
        task = ((EventRouter.Routed) router.route(benchmarked.event(id, text(i)))).task();
        records.add(record(i, id, task));
      }
    }
    predictions =
        processor.process(records, Set.of()).stream()
            .map(output -> output.record())
            .map(record -> formats.of(Prediction.class).decode(record.topic(), record.value()))
            .toList();
  }

  private static String text(int number) {
    return "a warm and quietly moving film that takes its time. ".repeat(1 + number % 3);
  }

  private ConsumerRecord<byte[], byte[]> record(int offset, String id, InferenceTask task) {
    String topic = topics.tasks(Tier.MOBILE);
    return new ConsumerRecord<>(
        topic,
        0,
        offset,
        id.getBytes(StandardCharsets.UTF_8),
        formats.of(InferenceTask.class).encode(topic, task));
  }

  private static Hop own(Prediction prediction) {
    return prediction.getHops().get(prediction.getHops().size() - 1);
  }

  /** All of the batch but what watches it: read, run, account, write. */
  @Benchmark
  public int batch() {
    return processor.process(records, Set.of()).size();
  }

  /** What {@link TaskProcessor} counts of it. */
  @Benchmark
  public void metrics() {
    Instant now = Instant.now();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      meters.taken(Instant.ofEpochMilli(record.timestamp()), now);
    }
    for (Prediction prediction : predictions) {
      meters.answered(prediction, own(prediction));
    }
    meters.batch(records.size(), Duration.between(now, Instant.now()));
  }

  /** A span of each event, from its record to the headers of its outcome. */
  @Benchmark
  public List<Header> traces() {
    Instant now = Instant.now();
    List<Header> contexts = new ArrayList<>(EVENTS);
    for (int i = 0; i < EVENTS; i++) {
      Prediction prediction = predictions.get(i);
      Span span = spans.begin(records.get(i), EVENTS, now);
      spans.answered(span, task, prediction, own(prediction));
      RecordHeaders headers = new RecordHeaders();
      TraceHeaders.inject(span, headers);
      headers.forEach(contexts::add);
      span.end();
    }
    return contexts;
  }

  /** Frees the tier. */
  @TearDown
  public void close() {
    segments.close();
    openTelemetry.close();
    prometheus.close();
    none.close();
  }
}
