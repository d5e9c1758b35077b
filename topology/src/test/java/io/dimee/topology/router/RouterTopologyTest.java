package io.dimee.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tier.TestModel;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.SpanAttributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The production topology with production properties, on Kafka's test driver. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RouterTopologyTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  @RegisterExtension static final OpenTelemetryExtension TRACES = OpenTelemetryExtension.create();

  @TempDir static Path directory;
  private TestModel model;

  @BeforeAll
  void load() {
    model = new TestModel();
  }

  @AfterAll
  void close() {
    model.close();
  }

  private static final int LARGEST_RECORD = 10_000;

  private final class Driver implements AutoCloseable {
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> events;

    Driver(Policy policy) {
      this(policy, SpillSwitch.never());
    }

    Driver(Policy policy, SpillSwitch spill) {
      this(policy, spill, PayloadHead.KEPT);
    }

    Driver(Policy policy, SpillSwitch spill, PayloadHead head) {
      this(policy, spill, head, EventTracer.off());
    }

    Driver(Policy policy, SpillSwitch spill, PayloadHead head, EventTracer tracer) {
      this(model.router(policy, spill), head, tracer);
    }

    Driver(EventRouter router) {
      this(router, PayloadHead.KEPT, EventTracer.off());
    }

    private Driver(EventRouter router, PayloadHead head, EventTracer tracer) {
      Topology topology =
          new RouterTopology(
                  model.wire(),
                  router,
                  LARGEST_RECORD,
                  head,
                  new RouterMeters(model.meters),
                  tracer,
                  model.clock)
              .build();
      Properties properties =
          new KafkaSettings("127.0.0.1:1", Map.of()).streams("test", Delivery.EXACTLY_ONCE);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.resolve("state").toString());
      driver = new TopologyTestDriver(topology, properties);
      events =
          driver.createInputTopic(
              model.topics.events(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(byte[] value) {
      events.pipeInput("key".getBytes(StandardCharsets.UTF_8), value);
    }

    List<KeyValue<byte[], byte[]>> read(String topic) {
      TestOutputTopic<byte[], byte[]> output =
          driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      return output.readKeyValuesToList();
    }

    TestRecord<byte[], byte[]> onlyRecord(String topic) {
      List<TestRecord<byte[], byte[]>> records =
          driver
              .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
              .readRecordsToList();
      assertThat(records).hasSize(1);
      return records.get(0);
    }

    DeadLetter onlyDeadLetter() {
      List<KeyValue<byte[], byte[]>> letters = read(model.topics.deadLetters());
      assertThat(letters).hasSize(1);
      return model
          .formats
          .of(DeadLetter.class)
          .decode(model.topics.deadLetters(), letters.get(0).value);
    }

    InferenceTask onlyTask(String topic) {
      List<KeyValue<byte[], byte[]>> tasks = read(topic);
      assertThat(tasks).hasSize(1);
      return model.formats.of(InferenceTask.class).decode(topic, tasks.get(0).value);
    }

    @Override
    public void close() {
      driver.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "CASCADE, test.easy, 1, 4",
    // at the default prices, nothing is cheaper than to begin on the mobile tier
    "ADAPTIVE, test.easy, 1, 4",
    "MOBILE_ONLY, test.easy, 1, 1",
    "EDGE_ONLY, test.medium, 2, 2",
    "CLOUD_ONLY, test.hard, 4, 4"
  })
  void shouldStartATaskWhereThePolicySays(Policy policy, String topic, int minExit, int maxExit) {
    try (Driver driver = new Driver(policy)) {
      // When
      driver.send(model.event("e1", "a fine film", "positive"));

      // Then
      InferenceTask task = driver.onlyTask(topic);
      assertThat(task.getEventId()).isEqualTo("e1");
      assertThat(task.getModelId()).isEqualTo(model.bundle.modelId());
      assertThat(task.getPolicy()).isEqualTo(policy.id());
      assertThat(task.getTokenIds()).startsWith(101).endsWith(102).hasSize(5);
      assertThat(task.getPairStart()).isEqualTo(5);
      assertThat(task.getDepth()).isZero();
      assertThat(task.getHiddenState()).isNull();
      assertThat(task.getHops()).isEmpty();
      assertThat(task.getMinExitDepth()).isEqualTo(minExit);
      assertThat(task.getMaxExitDepth()).isEqualTo(maxExit);
      assertThat(task.getGold()).isEqualTo(1);
      assertThat(task.getCreatedAt()).isEqualTo(TestModel.NOW);
      assertThat(task.getAttributes()).containsEntry("source", "test");
      assertThat(driver.read(model.topics.deadLetters())).isEmpty();
    }
  }

  @Test
  void shouldStartATaskInTheTopicOfItsPoolUnderThePapersPolicy() {
    try (Driver driver = new Driver(Policy.DIMEE)) {
      // When
      driver.send(model.event("e1", "a fine film", null));

      // Then
      io.dimee.avro.Pool pool = model.task("e1", "a fine film", Policy.DIMEE).getPool();
      String topic =
          switch (pool) {
            case EASY -> model.topics.easy();
            case MEDIUM -> model.topics.medium();
            default -> model.topics.hard();
          };
      assertThat(driver.onlyTask(topic).getPool()).isEqualTo(pool);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\t\n\u00A0\u2003",
        "\u200B\u200D\uFEFF",
        "\u0000\u0001\u007F\u0085",
        "\u0301\u0302\uFE0F",
        "\uFFFD\uFFFD"
      })
  void shouldPutBlankTextAside(String text) {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event("e1", text, null));
      driver.send(model.event("e2", "next", null));

      // Then the reason is given, and the next event is routed
      DeadLetter letter = driver.onlyDeadLetter();
      assertThat(letter.getReason()).isEqualTo(Reason.BLANK_TEXT);
      assertThat(letter.getEventId()).isEqualTo("e1");
      assertThat(driver.onlyTask(model.topics.easy()).getEventId()).isEqualTo("e2");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, only, , INVALID_EVENT, has no text_pair",
    "true, one, two, ,",
    "true, one, '\u200B', BLANK_TEXT, text_pair is blank",
    "true, '\u00A0', two, BLANK_TEXT, text is blank",
    "false, only, , ,",
    "false, one, two, INVALID_EVENT, has a text_pair",
    "false, only, '', ,",
    ", only, , ,",
    ", one, two, ,"
  })
  void shouldTakeAsManyTextsAsTheModelWasTrainedOn(
      Boolean pair, String text, String second, Reason reason, String message) throws IOException {
    try (Driver driver = new Driver(model.routerOfTexts(pair, directory.resolve("pair-" + pair)))) {
      // When
      driver.send(model.event(TextEvent.newBuilder().setText(text).setTextPair(second)));

      // Then
      if (reason == null) {
        assertThat(driver.read(model.topics.deadLetters())).isEmpty();
        InferenceTask task = driver.onlyTask(model.topics.easy());
        boolean isPair = second != null && !second.isEmpty();
        assertThat(task.getPairStart() < task.getTokenIds().size()).isEqualTo(isPair);
      } else {
        DeadLetter letter = driver.onlyDeadLetter();
        assertThat(letter.getReason()).isEqualTo(reason);
        assertThat(letter.getMessage()).contains(message);
        assertThat(letter.getEventId()).isEqualTo("e1");
      }
    }
  }

  private static Map<String, String> attributes(int count, int chars) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> Integer.toString(i), i -> "é".repeat(chars)));
  }

  @Test
  void shouldTakeAsManyAttributesAsItCarriesAndNoMore() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event(TextEvent.newBuilder().setAttributes(attributes(64, 1))));
      driver.send(model.event(TextEvent.newBuilder().setAttributes(attributes(65, 1))));
      driver.send(model.event(TextEvent.newBuilder().setAttributes(attributes(64, 128))));
      driver.send(model.event(TextEvent.newBuilder().setAttributes(attributes(729_000, 0))));

      // Then
      assertThat(driver.onlyTask(model.topics.easy()).getAttributes()).hasSize(64);
      List<KeyValue<byte[], byte[]>> letters = driver.read(model.topics.deadLetters());
      assertThat(letters)
          .extracting(r -> model.formats.of(DeadLetter.class).decode("", r.value))
          .allSatisfy(letter -> assertThat(letter.getReason()).isEqualTo(Reason.INVALID_EVENT))
          .extracting(DeadLetter::getMessage)
          .satisfiesExactly(
              message -> assertThat(message).contains("65 attributes; valid: 64 at most"),
              message -> assertThat(message).contains("16502 bytes", "valid: 16384 at most"),
              message -> assertThat(message).contains("far too many attributes; valid: 64"));
      assertThat(letters).extracting(r -> utf8(r.key)).containsExactly("e1", "e1", "key");
    }
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void shouldPutBytesThatAreNoEventAsideWithTheirCoordinates() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // Given
      driver.send(model.event("e1", "before", null));
      byte[] garbage = new byte[5_000];
      java.util.Arrays.fill(garbage, (byte) 0x7F);

      // When
      driver.send(garbage);

      // Then
      DeadLetter letter = driver.onlyDeadLetter();
      assertThat(letter.getReason()).isEqualTo(Reason.UNREADABLE_RECORD);
      assertThat(letter.getStage()).isEqualTo(Stage.ROUTER);
      assertThat(letter.getTopic()).isEqualTo(model.topics.events());
      assertThat(letter.getPartition()).isZero();
      assertThat(letter.getOffset()).isEqualTo(1);
      assertThat(letter.getPayloadSize()).isEqualTo(5_000);
      assertThat(letter.getPayloadHead().remaining()).isEqualTo(1_024);
      assertThat(letter.getFailedAt()).isEqualTo(TestModel.NOW);
    }
  }

  @Test
  void shouldPutAnUnknownLabelABlankIdAndATombstoneAside() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event("e1", "text", "sideways"));
      driver.send(model.event(" ", "text", null));
      driver.send(null);

      // Then
      assertThat(
              driver.read(model.topics.deadLetters()).stream()
                  .map(r -> model.formats.of(DeadLetter.class).decode("", r.value).getReason()))
          .containsExactly(Reason.UNKNOWN_LABEL, Reason.INVALID_EVENT, Reason.UNREADABLE_RECORD);
    }
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1.0,1", "0.00,0", "positive,1", "'',", "' ',"})
  void shouldTakeIntegersWrittenAsDecimalsAndNoLabelForAnEmptyOne(String label, Integer gold) {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event("e1", "text", label));

      // Then
      assertThat(driver.onlyTask(model.topics.easy()).getGold()).isEqualTo(gold);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "2.0", "-1.0", "1.", ".0", "1.0.0"})
  void shouldTakeNoOtherNumberForALabel(String label) {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event("e1", "text", label));

      // Then
      assertThat(driver.onlyDeadLetter().getReason()).isEqualTo(Reason.UNKNOWN_LABEL);
    }
  }

  @Test
  void shouldPutAsideATaskThatNoTopicTakes() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // Given an event whose attributes alone are larger than a record may be
      byte[] large =
          model.event(
              TextEvent.newBuilder()
                  .setId("large")
                  .setAttributes(Map.of("a", "x".repeat(LARGEST_RECORD))));

      // When
      driver.send(large);
      driver.send(model.event("e2", "next", null));

      // Then
      DeadLetter letter = driver.onlyDeadLetter();
      assertThat(letter.getReason()).isEqualTo(Reason.RECORD_TOO_LARGE);
      assertThat(letter.getEventId()).isEqualTo("large");
      assertThat(driver.onlyTask(model.topics.easy()).getEventId()).isEqualTo("e2");
    }
  }

  @Test
  void shouldKeepDeadLettersSmallWhateverTheIdTheKeyAndTheHeadersAre() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // Given
      String id = "i".repeat(2_000_000);
      TestRecord<byte[], byte[]> record =
          new TestRecord<>(
              id.getBytes(StandardCharsets.UTF_8),
              model.event(id, "text", null),
              new RecordHeaders().add("h", new byte[2_000_000]));

      // When
      driver.events.pipeInput(record);

      // Then
      TestRecord<byte[], byte[]> letter = driver.onlyRecord(model.topics.deadLetters());
      assertThat(letter.value()).hasSizeLessThan(DeadLetters.MAX_BYTES);
      assertThat(letter.key()).isNull();
      assertThat(letter.headers()).isEmpty();
      DeadLetter read =
          model.formats.of(DeadLetter.class).decode(model.topics.deadLetters(), letter.value());
      assertThat(read.getReason()).isEqualTo(Reason.INVALID_EVENT);
      assertThat(read.getMessage()).contains("2000000");
    }
  }

  @Test
  void shouldKeepTextToItselfWhenItIsToldTo() {
    try (Driver driver = new Driver(Policy.CASCADE, SpillSwitch.never(), PayloadHead.WITHHELD)) {
      // When
      driver.send(model.event("e1", "a secret film", "sideways"));
      driver.send(model.event("e2", "a secret film", null));

      // Then neither the dead letter nor the task holds it
      TestRecord<byte[], byte[]> letter = driver.onlyRecord(model.topics.deadLetters());
      TestRecord<byte[], byte[]> task = driver.onlyRecord(model.topics.easy());
      assertThat(new String(letter.value(), StandardCharsets.UTF_8)).doesNotContain("secret film");
      assertThat(new String(task.value(), StandardCharsets.UTF_8)).doesNotContain("secret film");
    }
    try (Driver driver = new Driver(Policy.CASCADE)) {
      driver.send(model.event("e1", "a secret film", "sideways"));
      assertThat(
              new String(
                  driver.onlyRecord(model.topics.deadLetters()).value(), StandardCharsets.UTF_8))
          .contains("secret film");
    }
  }

  @Test
  void shouldStartInTheCloudWhatWouldStartOnAnEdgeThatIsBehind() {
    // Given
    SpillSwitch spill = model.spilling();
    try (Driver driver = new Driver(Policy.EDGE_ONLY, spill)) {
      // When
      driver.send(model.event("e1", "a fine film", null));

      // Then the same exit answers, elsewhere
      InferenceTask task = driver.onlyTask(model.topics.hard());
      assertThat(task.getSpilled()).isTrue();
      assertThat(task.getMaxExitDepth()).isEqualTo(2);
      assertThat(spill.spilled()).isEqualTo(1);
    }
    try (Driver driver = new Driver(Policy.MOBILE_ONLY, spill)) {
      driver.send(model.event("e1", "a fine film", null));
      assertThat(driver.onlyTask(model.topics.easy()).getSpilled()).isFalse();
    }
  }

  @Test
  void shouldRouteEmojiControlCharactersAndAMegabyteOfText() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.send(model.event("emoji", "fine 😂👍🏽 \u0000\u0007\uFFFD", null));
      driver.send(model.event("long", "word ".repeat(200_000), null));

      // Then
      List<KeyValue<byte[], byte[]>> tasks = driver.read(model.topics.easy());
      InferenceTask last =
          model.formats.of(InferenceTask.class).decode(model.topics.easy(), tasks.get(1).value);
      assertThat(tasks).hasSize(2);
      assertThat(last.getTruncated()).isTrue();
      assertThat(last.getTokenIds()).hasSize(model.bundle.manifest().maxTokens());
    }
  }

  private TestRecord<byte[], byte[]> traced(byte[] value) {
    String traceparent = "00-%s-%s-01".formatted(TRACE, PARENT);
    return new TestRecord<>(
        "key".getBytes(StandardCharsets.UTF_8),
        value,
        new RecordHeaders()
            .add("own", new byte[100])
            .add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8)));
  }

  private static String traceparent(TestRecord<byte[], byte[]> record) {
    assertThat(record.headers()).hasSize(1);
    return new String(record.headers().lastHeader("traceparent").value(), StandardCharsets.UTF_8);
  }

  @Test
  void shouldPassTheTraceOnThoughItRecordsNothing() {
    try (Driver driver = new Driver(Policy.CASCADE)) {
      // When
      driver.events.pipeInput(traced(model.event("e1", "a fine film", null)));
      driver.events.pipeInput(traced(null));

      // Then the next in the trace is the sender's, and of all headers only it is left
      String sent = "00-%s-%s-01".formatted(TRACE, PARENT);
      assertThat(traceparent(driver.onlyRecord(model.topics.easy()))).isEqualTo(sent);
      assertThat(traceparent(driver.onlyRecord(model.topics.deadLetters()))).isEqualTo(sent);
    }
  }

  @Test
  void shouldTellWhatItDoesWithAnEventInTheTraceThatTheEventBrings() {
    EventTracer tracer = new EventTracer(TRACES.getOpenTelemetry());
    try (Driver driver =
        new Driver(Policy.CASCADE, SpillSwitch.never(), PayloadHead.KEPT, tracer)) {
      // When
      driver.events.pipeInput(traced(model.event("e1", "a fine film", null)));
      driver.events.pipeInput(traced(model.event("e2", " ", null)));

      // Then
      List<SpanData> spans = TRACES.getSpans();
      assertThat(spans)
          .hasSize(2)
          .allSatisfy(
              span -> {
                assertThat(span.getName()).isEqualTo("route test.events");
                assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
                assertThat(span.getTraceId()).isEqualTo(TRACE);
                assertThat(span.getParentSpanId()).isEqualTo(PARENT);
              });
      SpanData routed = spans.get(0);
      assertThat(routed.getAttributes().get(SpanAttributes.EVENT_ID)).isEqualTo("e1");
      assertThat(routed.getAttributes().get(SpanAttributes.EXIT)).isEqualTo("mobile");
      assertThat(routed.getAttributes().get(SpanAttributes.POOL)).isNotBlank();
      assertThat(routed.getStatus()).isEqualTo(StatusData.unset());
      SpanData refused = spans.get(1);
      assertThat(refused.getAttributes().get(SpanAttributes.EVENT_ID)).isEqualTo("e2");
      assertThat(refused.getAttributes().get(SpanAttributes.EXIT)).isEqualTo("dead-letter");
      assertThat(refused.getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, "blank_text"));

      // and task and dead letter carry what the next span begins from
      assertThat(traceparent(driver.onlyRecord(model.topics.easy())))
          .isEqualTo("00-%s-%s-01".formatted(TRACE, routed.getSpanId()));
      assertThat(traceparent(driver.onlyRecord(model.topics.deadLetters())))
          .isEqualTo("00-%s-%s-01".formatted(TRACE, refused.getSpanId()));
    }
  }

  @Test
  void shouldNameEveryNode() {
    // When
    String description =
        new RouterTopology(
                model.wire(),
                model.router(Policy.DIMEE),
                LARGEST_RECORD,
                PayloadHead.KEPT,
                new RouterMeters(model.meters),
                EventTracer.off(),
                model.clock)
            .build()
            .describe()
            .toString();

    // Then
    assertThat(description)
        .contains(
            "events-source", "route", "easy-sink", "medium-sink", "hard-sink", "dead-letters-sink")
        .doesNotContain("KSTREAM");
  }

  @Test
  void shouldAnswerWhatWordsAloneDecide() {
    // Given
    try (Driver driver = new Driver(model.routerWithWords(Policy.DIMEE))) {
      // When
      driver.send(model.event("e1", "a warm and funny film", "positive"));

      // Then
      TestRecord<byte[], byte[]> record = driver.onlyRecord(model.topics.predictions());
      Prediction prediction =
          model.formats.of(Prediction.class).decode(model.topics.predictions(), record.getValue());
      assertThat(record.getKey()).isEqualTo("e1".getBytes(StandardCharsets.UTF_8));
      assertThat(prediction.getLabelName()).isEqualTo("positive");
      assertThat(prediction.getGold()).isEqualTo(1);
      assertThat(prediction.getExitDepth()).isZero();
      assertThat(prediction.getLayersRun()).isZero();
      assertThat(prediction.getTier()).isEqualTo(io.dimee.avro.Tier.MOBILE);
      assertThat(prediction.getProbabilities()).hasSize(2);
      assertThat(prediction.getCost().getTotal()).isEqualTo(0.05);
      assertThat(prediction.getCost().getCloudOnly()).isEqualTo(9);
      assertThat(prediction.getBytesOffloaded()).isZero();
      assertThat(prediction.getPredictedAt()).isEqualTo(TestModel.NOW);
      assertThat(prediction.getHops())
          .singleElement()
          .satisfies(
              hop -> {
                assertThat(hop.getToDepth()).isZero();
                assertThat(hop.getComputeCost()).isEqualTo(0.05);
                assertThat(hop.getExits())
                    .singleElement()
                    .satisfies(exit -> assertThat(exit.getDepth()).isZero());
              });
      assertThat(
              Stream.of(model.topics.easy(), model.topics.medium(), model.topics.hard())
                  .flatMap(topic -> driver.read(topic).stream()))
          .isEmpty();
    }
  }

  @Test
  void shouldSendOnWhatWordsAloneDoNotDecideWithWhatAskingThemCost() {
    // Given
    try (Driver driver = new Driver(model.routerWithWords(Policy.CASCADE))) {
      // When
      driver.send(model.event("e1", "it is on at nine", null));

      // Then
      InferenceTask task = driver.onlyTask(model.topics.easy());
      assertThat(task.getDepth()).isZero();
      assertThat(task.getHops())
          .singleElement()
          .satisfies(hop -> assertThat(hop.getComputeCost()).isEqualTo(0.05));
      assertThat(driver.read(model.topics.predictions())).isEmpty();
    }
  }

  @Test
  void shouldSendWhatWordsSaidOnToExitsThatTakeItIn() throws IOException {
    // Given
    Path copy = directory.resolve("stacked");
    try (Driver stacked = new Driver(model.routerWithStackedWords(Policy.CASCADE, copy));
        Driver plain = new Driver(model.routerWithWords(Policy.CASCADE))) {
      // When
      byte[] event = model.event("e1", "it is on at nine", null);
      stacked.send(event);
      plain.send(event);

      // Then
      assertThat(stacked.onlyTask(model.topics.easy()).getWordScores()).hasSize(2);
      assertThat(plain.onlyTask(model.topics.easy()).getWordScores()).isEmpty();
    }
  }

  @Test
  void shouldNotAskWordsAloneWhereOneTierAnswersEverything() {
    // Given
    try (Driver driver = new Driver(model.routerWithWords(Policy.CLOUD_ONLY))) {
      // When
      driver.send(model.event("e1", "a warm and funny film", null));

      // Then
      InferenceTask task = driver.onlyTask(model.topics.hard());
      assertThat(task.getHops()).isEmpty();
    }
  }

  @Test
  void shouldPutAsideAnAnswerThatIsTooLargeToWrite() {
    // Given attributes that fill a record
    try (Driver driver = new Driver(model.routerWithWords(Policy.CASCADE))) {
      // When
      driver.send(
          model.event(
              TextEvent.newBuilder()
                  .setText("a warm and funny film")
                  .setAttributes(Map.of("long", "x".repeat(LARGEST_RECORD)))));

      // Then
      assertThat(driver.read(model.topics.predictions())).isEmpty();
      assertThat(driver.read(model.topics.deadLetters())).hasSize(1);
    }
  }
}
