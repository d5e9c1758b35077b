package io.dimee.deploy.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputFormat;
import io.dimee.client.send.EventSender;
import io.dimee.deploy.JavaProcess;
import io.dimee.deploy.SampleTexts;
import io.dimee.deploy.SharedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.SpanAttributes;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Traces of events that a pipeline on a real broker answers, and the lines that name them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedBroker.class)
class TracingIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Topics TOPICS = new Topics("traced.");
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @RegisterExtension static final OpenTelemetryExtension TRACES = OpenTelemetryExtension.create();

  @TempDir static Path directory;
  private Workbench bench;
  private EventTracer tracer;
  private LocalPipeline pipeline;

  @BeforeAll
  void start(EmbeddedBroker broker) throws InterruptedException {
    bench = new Workbench(broker, TOPICS.prefix());
    tracer = new EventTracer(TRACES.getOpenTelemetry());
    pipeline = bench.pipeline(tracer);
  }

  @AfterAll
  void stop() {
    if (pipeline != null) {
      pipeline.close();
    }
    bench.close();
  }

  private static RecordHeaders traced() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", TRACEPARENT.getBytes(StandardCharsets.US_ASCII));
    headers.add("own", new byte[100]);
    return headers;
  }

  private void send(String text) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(bench.settings().producer(null));
        EventFile file =
            new EventFile("traced", new ByteArrayInputStream(bytes), InputFormat.text)) {
      new EventSender(
              producer,
              new Wire(TOPICS, bench.formats()),
              PayloadHead.KEPT,
              tracer,
              Clock.systemUTC())
          .send(file, Long.MAX_VALUE, 0, () -> false, count -> {});
    }
  }

  private List<Prediction> awaitPredictions(int count) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              pipeline.throwIfFailed();
              assertThat(bench.observed().predictions()).hasSizeGreaterThanOrEqualTo(count);
            });
    return bench.observed().predictions();
  }

  private ConsumerRecord<byte[], byte[]> awaitRecord(String topic, String key) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              pipeline.throwIfFailed();
              return bench.records(topic).stream()
                  .filter(r -> new String(r.key(), StandardCharsets.UTF_8).equals(key))
                  .findFirst();
            },
            Optional::isPresent)
        .orElseThrow();
  }

  /** The spans of a trace in the order in which they began, once there are so many. */
  private static List<SpanData> awaitSpans(String trace, int count) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                TRACES.getSpans().stream()
                    .filter(span -> span.getTraceId().equals(trace))
                    .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos))
                    .toList(),
            spans -> spans.size() == count);
  }

  private static String trace(String eventId) {
    return TRACES.getSpans().stream()
        .filter(span -> span.getKind() == SpanKind.PRODUCER)
        .filter(span -> eventId.equals(span.getAttributes().get(SpanAttributes.EVENT_ID)))
        .findFirst()
        .orElseThrow()
        .getTraceId();
  }

  private static String traceparent(ConsumerRecord<byte[], byte[]> record) {
    assertThat(record.headers()).hasSize(1);
    return new String(
        record.headers().lastHeader("traceparent").value(), StandardCharsets.US_ASCII);
  }

  @Test
  void shouldShowAllHopsOfAnEventInOneTrace() throws Exception {
    // Given real sentences, some of which no exit before the cloud's is sure of
    List<String> texts = SampleTexts.all();
    int before = bench.observed().predictions().size();

    // When
    send(String.join("\n", texts));

    // Then
    Prediction deepest =
        awaitPredictions(before + texts.size()).stream()
            .filter(prediction -> prediction.getHops().size() == 3)
            .findFirst()
            .orElseThrow();
    List<SpanData> spans = awaitSpans(trace(deepest.getId()), 5);
    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly(
            "send traced.events",
            "route traced.events",
            "process traced.easy",
            "process traced.medium",
            "process traced.hard");
    List<String> parents = new ArrayList<>(List.of(SpanId.getInvalid()));
    spans.subList(0, 4).forEach(span -> parents.add(span.getSpanId()));
    assertThat(spans).extracting(SpanData::getParentSpanId).containsExactlyElementsOf(parents);
    assertThat(spans)
        .allSatisfy(
            span -> {
              assertThat(span.getStatus()).isEqualTo(StatusData.unset());
              assertThat(span.getAttributes().get(SpanAttributes.EVENT_ID))
                  .isEqualTo(deepest.getId());
            });
    assertThat(spans.subList(1, 5))
        .extracting(span -> span.getAttributes().get(SpanAttributes.EXIT))
        .containsExactly("mobile", "edge", "cloud", "answered");

    // and each hop says what the prediction says of it
    for (int i = 0; i < 3; i++) {
      SpanData span = spans.get(2 + i);
      assertThat(span.getAttributes().get(SpanAttributes.LAYERS))
          .isEqualTo((long) deepest.getHops().get(i).getLayersRun());
      assertThat(span.getAttributes().get(SpanAttributes.QUEUE_MS)).isNotNegative();
      assertThat(span.getAttributes().get(SpanAttributes.BATCH_SIZE)).isPositive();
    }
    assertThat(spans.get(2).getAttributes().get(SpanAttributes.HIDDEN_BYTES)).isPositive();
    assertThat(spans.get(4).getAttributes().get(SpanAttributes.CONFIDENCE))
        .isEqualTo((double) deepest.getConfidence());

    // and whoever reads the prediction can continue the trace
    assertThat(traceparent(awaitRecord(TOPICS.predictions(), deepest.getId())))
        .startsWith("00-%s-%s-".formatted(spans.get(4).getTraceId(), spans.get(4).getSpanId()));
  }

  @Test
  void shouldGoOnWithTheTraceThatAnEventBrings() throws Exception {
    // When an event comes in a trace of its sender's, and bytes that are none
    bench.write(
        TOPICS.events(),
        "foreign",
        Workbench.event(bench.formats(), TOPICS, "foreign", "a fine film", null),
        traced());
    bench.write(TOPICS.events(), "garbage", "no event".getBytes(StandardCharsets.UTF_8), traced());

    // Then the outcomes are in it, and of the sender's other headers nothing is left
    assertThat(traceparent(awaitRecord(TOPICS.predictions(), "foreign"))).contains(TRACE);
    assertThat(traceparent(awaitRecord(TOPICS.deadLetters(), "garbage"))).contains(TRACE);
    assertThat(awaitSpans(TRACE, 3))
        .extracting(span -> span.getStatus().getDescription())
        .containsExactlyInAnyOrder("", "", "unreadable_record");
  }

  /** A task that no exit may answer. */
  private InferenceTask withoutExit(String id) {
    return InferenceTask.newBuilder()
        .setEventId(id)
        .setModelId(bench.source().bundle().modelId())
        .setPolicy(Policy.CASCADE.id())
        .setPool(Pool.MEDIUM)
        .setTokenIds(List.of(101, 2_000, 102))
        .setPairStart(3)
        .setMinExitDepth(1)
        .setMaxExitDepth(99)
        .setDepth(0)
        .setHiddenState(null)
        .setHops(List.of())
        .setCreatedAt(Instant.now())
        .setAttributes(Map.of())
        .build();
  }

  @Test
  void shouldLogLinesOfJsonThatNameTheEventAndItsTrace() throws Exception {
    // Given a tier in a process of its own, which exports nothing
    Topics topics = new Topics("logged.");
    TopicSetup.ensure(bench.settings(), topics.all(), 1);
    try (JavaProcess edge =
        JavaProcess.startLoggingJson(
            directory,
            "edge",
            "edge",
            "--bootstrap-servers",
            bench.bootstrapServers(),
            "--topic-prefix",
            topics.prefix(),
            "--bundle",
            "../models/bundles/sst2",
            "--cache-dir",
            SharedCache.FOLDER.toString())) {
      // When a task for the edge means nothing
      bench.write(
          topics.tasks(Tier.EDGE),
          "strange",
          bench
              .formats()
              .of(InferenceTask.class)
              .encode(topics.tasks(Tier.EDGE), withoutExit("strange\n\"id\"")),
          traced());
      edge.awaitOutput("dead letter", PATIENCE);
      edge.terminate();
      assertThat(edge.waitFor(PATIENCE.toSeconds())).isZero();

      // Then every line is an object, and one tells of it
      List<JsonNode> lines = new ArrayList<>();
      for (String line : edge.output().lines().toList()) {
        lines.add(new ObjectMapper().readTree(line));
      }
      assertThat(lines)
          .allMatch(line -> line.hasNonNull("@timestamp") && line.hasNonNull("message"));
      assertThat(lines)
          .filteredOn(line -> line.has("event.id"))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.get("event.id").asText()).isEqualTo("strange\n\"id\"");
                assertThat(line.get("trace.id").asText()).isEqualTo(TRACE);
                assertThat(line.get("log.level").asText()).isEqualTo("INFO");
                assertThat(line.get("message").asText())
                    .isEqualTo("edge: dead letter, invalid_task: logged.medium-0@0");
              });
    }
  }
}
