package io.dimee.topology.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.worker.Output;
import io.micrometer.core.instrument.Counter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TaskProcessorTest {
  private static final List<String> TEXTS =
      List.of(
          "a warm , funny and moving film",
          "dull",
          "not bad at all , though it takes its time and never quite decides what it wants to be",
          "the acting is wooden and yet i cannot wait to see it again because it is such fun",
          "it promises a great deal and delivers little",
          "if you enjoy being lectured for two hours , this is the play for you");

  private TestModel test;
  private SegmentSet mobileModel;
  private SegmentSet edgeModel;
  private SegmentSet cloudModel;

  @BeforeAll
  void load() {
    test = new TestModel();
    mobileModel = test.load(Tier.MOBILE);
    edgeModel = test.load(Tier.EDGE);
    cloudModel = test.load(Tier.CLOUD);
  }

  @AfterAll
  void close() {
    mobileModel.close();
    edgeModel.close();
    cloudModel.close();
    test.close();
  }

  private TaskProcessor processor(Tier tier, HiddenCodec codec) {
    SegmentSet model =
        switch (tier) {
          case MOBILE -> mobileModel;
          case EDGE -> edgeModel;
          case CLOUD -> cloudModel;
        };
    return test.processor(tier, model, codec);
  }

  private ConsumerRecord<byte[], byte[]> record(Tier tier, byte[] value) {
    return new ConsumerRecord<>(
        test.topics.tasks(tier), 1, 42, "k".getBytes(StandardCharsets.UTF_8), value);
  }

  private ConsumerRecord<byte[], byte[]> record(Tier tier, InferenceTask task) {
    return record(tier, test.formats.of(InferenceTask.class).encode(test.topics.tasks(tier), task));
  }

  private List<Output> process(Tier tier, HiddenCodec codec, List<InferenceTask> tasks) {
    return processor(tier, codec)
        .process(tasks.stream().map(task -> record(tier, task)).toList(), Set.of());
  }

  private InferenceTask task(Output output) {
    return test.formats
        .of(InferenceTask.class)
        .decode(output.record().topic(), output.record().value());
  }

  private Prediction prediction(Output output) {
    assertThat(output.record().topic()).isEqualTo(test.topics.predictions());
    return test.formats
        .of(Prediction.class)
        .decode(output.record().topic(), output.record().value());
  }

  private DeadLetter deadLetter(Output output) {
    assertThat(output.record().topic()).isEqualTo(test.topics.deadLetters());
    return test.formats
        .of(DeadLetter.class)
        .decode(output.record().topic(), output.record().value());
  }

  /** Tasks that only the last exit may answer, so that every tier passes them on. */
  private List<InferenceTask> deepTasks() {
    List<InferenceTask> tasks = new ArrayList<>();
    for (String text : TEXTS) {
      tasks.add(test.task("e" + tasks.size(), text, Policy.CLOUD_ONLY));
    }
    return tasks;
  }

  @Test
  void shouldSendToTheCloudWhatTheEdgeIsTooFarBehindFor() {
    // Given the answers of an edge that keeps up
    List<InferenceTask> tasks = deepTasks();
    HiddenCodec codec = HiddenCodec.FP32;
    SpillSwitch spill = test.spilling();
    TaskProcessor mobile = test.processor(Tier.MOBILE, mobileModel, codec, Prices.DEFAULT, spill);

    // When
    List<Output> spilled =
        mobile.process(tasks.stream().map(task -> record(Tier.MOBILE, task)).toList(), Set.of());
    List<Output> answers = process(Tier.CLOUD, codec, spilled.stream().map(this::task).toList());

    // Then the cloud resumes where the mobile tier stopped, and the answers say so
    assertThat(spilled).extracting(output -> output.record().topic()).containsOnly("test.hard");
    assertThat(spill.spilled()).isEqualTo(tasks.size());
    List<Output> uncut = process(Tier.CLOUD, codec, tasks);
    for (int i = 0; i < tasks.size(); i++) {
      Prediction answer = prediction(answers.get(i));
      assertThat(answer.getSpilled()).isTrue();
      assertThat(answer.getLabel()).isEqualTo(prediction(uncut.get(i)).getLabel());
      assertThat(answer.getLayersRun()).isEqualTo(4);
      assertThat(answer.getHops()).extracting(Hop::getFromDepth).containsExactly(0, 1);
      assertThat(answer.getCost().getOffload()).isEqualTo(5);
      assertThat(prediction(uncut.get(i)).getSpilled()).isFalse();
    }
  }

  /** Largest change of a probability that a codec may cause, here; FP32 travels exactly. */
  @ParameterizedTest
  @CsvSource({"FP32, 1e-5", "FP16, 2e-3", "INT8, 3e-2"})
  void shouldAnswerAlikeWhenCutSerializedAndResumed(HiddenCodec codec, double bound) {
    // Given what the cloud answers without a cut
    List<InferenceTask> tasks = deepTasks();
    List<Output> uncut = process(Tier.CLOUD, codec, tasks);

    // When the same tasks are cut at depth m, and again at depth n
    List<Output> atMobile = process(Tier.MOBILE, codec, tasks);
    List<Output> atEdge = process(Tier.EDGE, codec, atMobile.stream().map(this::task).toList());
    List<Output> atCloud = process(Tier.CLOUD, codec, atEdge.stream().map(this::task).toList());

    // Then
    for (int i = 0; i < tasks.size(); i++) {
      assertThat(task(atMobile.get(i)).getDepth()).isEqualTo(1);
      assertThat(task(atEdge.get(i)).getDepth()).isEqualTo(2);
      Prediction expected = prediction(uncut.get(i));
      Prediction actual = prediction(atCloud.get(i));
      assertThat(actual.getLabel()).isEqualTo(expected.getLabel());
      assertThat((double) actual.getProbabilities().get(0))
          .isCloseTo((double) expected.getProbabilities().get(0), within(bound));
      assertThat(actual.getLayersRun()).isEqualTo(4);
    }
  }

  @Test
  void shouldPassTheTraceOnThoughItRecordsNothing() {
    // Given a task of a trace, and bytes of the same
    String sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    ConsumerRecord<byte[], byte[]> task = record(Tier.MOBILE, deepTasks().get(0));
    ConsumerRecord<byte[], byte[]> garbage = record(Tier.MOBILE, new byte[] {1});
    for (ConsumerRecord<byte[], byte[]> record : List.of(task, garbage)) {
      record.headers().add("own", new byte[100]);
      record.headers().add("traceparent", sent.getBytes(StandardCharsets.UTF_8));
    }

    // When
    List<Output> outputs =
        processor(Tier.MOBILE, HiddenCodec.FP16).process(List.of(task, garbage), Set.of());

    // Then
    assertThat(outputs)
        .extracting(output -> output.record().topic())
        .containsExactly(test.topics.medium(), test.topics.deadLetters());
    for (Output output : outputs) {
      assertThat(output.record().headers())
          .singleElement()
          .satisfies(
              header -> {
                assertThat(header.key()).isEqualTo("traceparent");
                assertThat(header.value()).asString(StandardCharsets.UTF_8).isEqualTo(sent);
              });
    }
  }

  private double counted(String name, String... tags) {
    return test.meters.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  @Test
  void shouldCountWhatTheTierDid() {
    // Given a task for the cloud, and one that nobody can read
    List<InferenceTask> tasks = deepTasks().subList(0, 1);
    InferenceTask task = task(process(Tier.MOBILE, HiddenCodec.FP16, tasks).get(0));
    double escalations = counted("dimee.escalations", "tier", "edge", "to", "cloud");
    double layers = counted("dimee.layers", "tier", "edge");
    double offloads = counted("dimee.cost.offload", "tier", "edge");
    double letters = counted("dimee.dead.letters", "tier", "edge", "reason", "unreadable_record");
    double tokens =
        test.meters.get("dimee.inference.tokens").tag("tier", "edge").functionCounter().count();
    long queued = test.meters.get("dimee.queue.time").tag("tier", "edge").timer().count();

    // When
    test.processor(Tier.EDGE, edgeModel, HiddenCodec.FP16)
        .process(
            List.of(
                record(Tier.EDGE, task),
                new ConsumerRecord<>(test.topics.medium(), 0, 1, new byte[0], new byte[] {1})),
            Set.of());

    // Then
    assertThat(counted("dimee.escalations", "tier", "edge", "to", "cloud") - escalations)
        .isEqualTo(1);
    assertThat(counted("dimee.layers", "tier", "edge") - layers).isEqualTo(1);
    assertThat(counted("dimee.cost.offload", "tier", "edge") - offloads).isEqualTo(3);
    assertThat(
            counted("dimee.dead.letters", "tier", "edge", "reason", "unreadable_record") - letters)
        .isEqualTo(1);
    assertThat(test.meters.get("dimee.queue.time").tag("tier", "edge").timer().count() - queued)
        .isEqualTo(2);
    assertThat(
            test.meters.get("dimee.inference.tokens").tag("tier", "edge").functionCounter().count()
                - tokens)
        .isEqualTo((double) task.getTokenIds().size());
  }

  @Test
  void shouldAccountForEveryHop() {
    // Given a task that went through all tiers
    List<InferenceTask> tasks = deepTasks().subList(0, 1);
    Output mobile = process(Tier.MOBILE, HiddenCodec.FP16, tasks).get(0);
    Output edge = process(Tier.EDGE, HiddenCodec.FP16, List.of(task(mobile))).get(0);

    // When
    Prediction prediction =
        prediction(process(Tier.CLOUD, HiddenCodec.FP16, List.of(task(edge))).get(0));

    // Then costs are those of DESIGN's default prices
    long tokens = tasks.get(0).getTokenIds().size();
    long payload = tokens * 2 + tokens * 16 * 2;
    assertThat(prediction.getHops())
        .extracting(Hop::getTier)
        .containsExactly(
            io.dimee.avro.Tier.MOBILE, io.dimee.avro.Tier.EDGE, io.dimee.avro.Tier.CLOUD);
    assertThat(prediction.getHops()).extracting(Hop::getLayersRun).containsExactly(1, 1, 2);
    assertThat(prediction.getHops()).extracting(Hop::getOffloadCost).containsExactly(0d, 3d, 3d);
    assertThat(prediction.getHops()).extracting(Hop::getComputeCost).containsExactly(1d, 1d, 2d);
    assertThat(prediction.getHops())
        .extracting(Hop::getBytesIn)
        .containsExactly(0L, payload, payload);
    assertThat(prediction.getCost().getCompute()).isEqualTo(4);
    assertThat(prediction.getCost().getOffload()).isEqualTo(6);
    assertThat(prediction.getCost().getTotal()).isEqualTo(10);
    assertThat(prediction.getCost().getCloudOnly()).isEqualTo(9);
    assertThat(prediction.getBytesOffloaded()).isEqualTo(2 * payload);
    assertThat(prediction.getPredictedAt()).isEqualTo(TestModel.NOW);
  }

  @Test
  void shouldEscalateWhatIsNotConfidentAndAnswerWhatIs() {
    // Given
    List<InferenceTask> tasks = new ArrayList<>();
    for (String text : TEXTS) {
      tasks.add(test.task("e" + tasks.size(), text, Policy.CASCADE));
    }

    // When
    List<Output> outputs = process(Tier.MOBILE, HiddenCodec.FP16, tasks);

    // Then
    BundleManifest manifest = test.bundle.manifest();
    for (Output output : outputs) {
      if (output.record().topic().equals(test.topics.predictions())) {
        Prediction answer = prediction(output);
        assertThat(answer.getExitDepth()).isLessThanOrEqualTo(manifest.tiers().mobile());
        assertThat((double) answer.getConfidence())
            .isGreaterThanOrEqualTo(
                manifest.exit(answer.getExitDepth()).threshold(answer.getLabel()));
      } else {
        assertThat(output.record().topic()).isEqualTo(test.topics.medium());
        Hop hop = task(output).getHops().get(0);
        assertThat(hop.getExits())
            .allSatisfy(
                exit ->
                    assertThat((double) exit.getConfidence())
                        .isLessThan(manifest.exit(exit.getDepth()).threshold(exit.getLabel())));
      }
    }
    assertThat(outputs)
        .extracting(o -> o.record().topic())
        .contains(test.topics.predictions(), test.topics.medium());
  }

  /** Tasks that no exit of the mobile tier answers. */
  private List<Output> escalated(Prices prices) {
    List<InferenceTask> tasks =
        deepTasks().stream()
            .map(
                task ->
                    InferenceTask.newBuilder(task)
                        .setPolicy(Policy.ADAPTIVE.id())
                        .setMinExitDepth(1)
                        .build())
            .toList();
    return test
        .processor(Tier.MOBILE, mobileModel, HiddenCodec.FP16, prices, SpillSwitch.never())
        .process(tasks.stream().map(task -> record(Tier.MOBILE, task)).toList(), Set.of())
        .stream()
        .filter(output -> !output.record().topic().equals(test.topics.predictions()))
        .toList();
  }

  @Test
  void shouldSendTokenIdsAloneWhereAHiddenStateIsDearer() {
    // Given a price of bytes that makes a layer cheaper than a hidden state
    Prices dearBytes = new Prices(new Prices.Layer(1, 1, 1), 0, new Prices.Offload(3, 3, 5), 100);

    // When
    List<Output> escalated = escalated(dearBytes);

    // Then the next tier begins again, asks no exit twice, and says so
    assertThat(escalated).isNotEmpty();
    for (Output output : escalated) {
      InferenceTask task = task(output);
      assertThat(task.getDepth()).isZero();
      assertThat(task.getHiddenState()).isNull();
      assertThat(task.getMinExitDepth()).isEqualTo(2);
    }
    InferenceTask first =
        InferenceTask.newBuilder(task(escalated.get(0))).setMinExitDepth(4).build();
    Prediction prediction =
        prediction(
            test.processor(Tier.CLOUD, cloudModel, HiddenCodec.FP16, dearBytes, SpillSwitch.never())
                .process(List.of(record(Tier.CLOUD, first)), Set.of())
                .get(0));
    Hop again = prediction.getHops().get(1);
    assertThat(again.getRestarted()).isTrue();
    assertThat(again.getFromDepth()).isZero();
    assertThat(again.getLayersRun()).isEqualTo(4);
    long ids = 2L * first.getTokenIds().size();
    assertThat(again.getBytesIn()).isEqualTo(ids);
    assertThat(again.getOffloadCost()).isCloseTo(5 + ids / 1024d * 100, within(1e-9));
    assertThat(prediction.getLayersRun()).isEqualTo(5);
    assertThat(prediction.getCost().getTotal())
        .isCloseTo(1 + 4 + again.getOffloadCost(), within(1e-9));
  }

  @Test
  void shouldPassTheEdgeByWhereItIsDear() {
    // When layers of the edge cost ten times those of the cloud
    List<Output> escalated =
        escalated(new Prices(new Prices.Layer(1, 10, 1), 0, new Prices.Offload(3, 3, 5), 0));

    // Then
    assertThat(escalated).isNotEmpty();
    assertThat(escalated).allMatch(o -> o.record().topic().equals(test.topics.hard()));
    assertThat(task(escalated.get(0)).getDepth()).isEqualTo(1);
    assertThat(task(escalated.get(0)).getHiddenState()).isNotNull();
  }

  @Test
  void shouldRestartATaskOfAnotherModelFromItsTokenIds() {
    // Given a task that another model has brought to depth 1
    InferenceTask begun =
        task(process(Tier.MOBILE, HiddenCodec.FP16, deepTasks().subList(0, 1)).get(0));
    InferenceTask foreign =
        InferenceTask.newBuilder(begun)
            .setModelId("other@000")
            .setWordScores(List.of(1f, 2f, 3f))
            .build();
    double before = counted("dimee.foreign.tasks", "tier", "cloud");

    // When
    Prediction prediction =
        prediction(process(Tier.CLOUD, HiddenCodec.FP16, List.of(foreign)).get(0));

    // Then
    Hop last = prediction.getHops().get(1);
    assertThat(last.getRestarted()).isTrue();
    assertThat(last.getFromDepth()).isZero();
    assertThat(last.getLayersRun()).isEqualTo(4);
    assertThat(prediction.getLayersRun()).isEqualTo(5);
    assertThat(prediction.getModelId()).isEqualTo(test.bundle.modelId());
    assertThat(counted("dimee.foreign.tasks", "tier", "cloud") - before).isEqualTo(1);
  }

  @Test
  void shouldPassWordScoresOnButNotThoseOfAnotherModel() {
    InferenceTask own =
        InferenceTask.newBuilder(deepTasks().get(0)).setWordScores(List.of(1f, 2f)).build();
    InferenceTask foreign = InferenceTask.newBuilder(own).setModelId("other@000").build();

    List<Output> outputs = process(Tier.MOBILE, HiddenCodec.FP16, List.of(own));
    List<Output> others = process(Tier.MOBILE, HiddenCodec.FP16, List.of(foreign));

    assertThat(task(outputs.get(0)).getWordScores()).containsExactly(1f, 2f);
    assertThat(task(others.get(0)).getWordScores()).isEmpty();
  }

  @Test
  void shouldPutBadTasksAsideAndAnswerTheOthers() {
    // Given
    InferenceTask good = deepTasks().get(0);
    InferenceTask begun = task(process(Tier.MOBILE, HiddenCodec.INT8, List.of(good)).get(0));
    InferenceTask damaged = InferenceTask.newBuilder(begun).build();
    ByteBuffer data = damaged.getHiddenState().getData();
    damaged.getHiddenState().setData(ByteBuffer.allocate(data.remaining() - 1));
    InferenceTask poisoned = InferenceTask.newBuilder(begun).build();
    ByteBuffer scales = ByteBuffer.allocate(data.remaining());
    scales.putInt(0, 0x0000C07F);
    poisoned.getHiddenState().setData(scales);
    InferenceTask unknownToken =
        InferenceTask.newBuilder(good).setTokenIds(List.of(101, 99_999, 102)).build();
    InferenceTask noExit = InferenceTask.newBuilder(good).setMaxExitDepth(5).build();
    InferenceTask oddDepth = InferenceTask.newBuilder(begun).setDepth(5).build();
    InferenceTask oddWords = InferenceTask.newBuilder(good).setWordScores(List.of(1f)).build();
    InferenceTask noNumber =
        InferenceTask.newBuilder(good).setWordScores(List.of(1f, Float.NaN)).build();

    // When
    List<Output> outputs =
        processor(Tier.CLOUD, HiddenCodec.INT8)
            .process(
                List.of(
                    record(Tier.CLOUD, damaged),
                    record(Tier.CLOUD, poisoned),
                    record(Tier.CLOUD, unknownToken),
                    record(Tier.CLOUD, noExit),
                    record(Tier.CLOUD, oddDepth),
                    record(Tier.CLOUD, oddWords),
                    record(Tier.CLOUD, noNumber),
                    record(Tier.CLOUD, new byte[] {1, 2, 3}),
                    record(Tier.CLOUD, (byte[]) null),
                    record(Tier.CLOUD, good)),
                Set.of());

    // Then
    assertThat(outputs.subList(0, 9))
        .extracting(o -> deadLetter(o).getReason())
        .containsExactly(
            Reason.CORRUPT_HIDDEN_STATE,
            Reason.CORRUPT_HIDDEN_STATE,
            Reason.INVALID_TASK,
            Reason.INVALID_TASK,
            Reason.INVALID_TASK,
            Reason.INVALID_TASK,
            Reason.INVALID_TASK,
            Reason.UNREADABLE_RECORD,
            Reason.UNREADABLE_RECORD);
    assertThat(deadLetter(outputs.get(0)).getOffset()).isEqualTo(42);
    assertThat(prediction(outputs.get(9)).getId()).isEqualTo(good.getEventId());
  }

  @Test
  void shouldPutAsideWhatTheBrokerRefusedForItsSize() {
    // Given
    ConsumerRecord<byte[], byte[]> record = record(Tier.MOBILE, deepTasks().get(0));
    Set<ConsumerRecord<byte[], byte[]>> tooLarge = new HashSet<>(Set.of(record));

    // When
    Output output =
        processor(Tier.MOBILE, HiddenCodec.FP32).process(List.of(record), tooLarge).get(0);

    // Then
    assertThat(deadLetter(output).getReason()).isEqualTo(Reason.RECORD_TOO_LARGE);
    assertThat(deadLetter(output).getEventId()).isEqualTo("e0");
  }
}
