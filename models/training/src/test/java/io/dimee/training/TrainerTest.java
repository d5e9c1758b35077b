package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.fit.BundleWriter;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.Pooling;
import io.dimee.inference.routing.PathCosts;
import io.dimee.inference.tokenizer.TextTokenizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The trainer on a handful of rows: real gradients, of the tiny encoder, and under the profile
 * nightly of a backbone too.
 */
@ParameterizedClass
@MethodSource("backbones")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("slow")
class TrainerTest {
  private static final String TINY = "tiny-encoder";
  private static final int BATCH = 4;

  /** Of a run; an epoch has one. */
  private static final int STEPS = 6;

  /** Steps between checkpoints. */
  private static final int EVERY = 4;

  @TempDir Path directory;
  @Parameter String name;
  private Backbone backbone;
  private TierDepths tiers;
  private Adapter untuned;
  private List<EncodedExample> rows;
  private Map<String, Tensor> whole;

  static List<String> backbones() {
    return Boolean.getBoolean("dimee.nightly")
        ? List.of(TINY, Backbone.NAMES.get(0))
        : List.of(TINY);
  }

  @BeforeParameterizedClassInvocation
  void load() {
    backbone = Backbone.load(name);
    int layers = backbone.architecture().layers();
    tiers = new TierDepths(layers / 4, layers / 2, layers);
    untuned = new Adapter(backbone, Map.of());
    List<Example> examples =
        List.of(
            new Example("a fine film", null, 1, 0),
            new Example("a dull and clumsy mess", null, 0, 0),
            new Example("moving", null, 1, 0),
            new Example("it bored me to tears", null, 0, 0),
            new Example("a warm and funny ride", "worth seeing", 1, 0));
    try (TextTokenizer tokenizer = TextTokenizer.load(backbone.name(), 32)) {
      rows = EncodedExample.encode(tokenizer, examples);
    }
  }

  private static TrainingOptions options(int epochs) {
    return new TrainingOptions(epochs, BATCH, 8, 5e-4, 5e-3, 0.01, 0.1, 0.1, 1, 1, 0.5, 32, 1, 3);
  }

  /** Remembers losses, and may end the run as a crash would. */
  private static final class Recorder implements TrainingProgress {
    private final List<Double> losses = new ArrayList<>();
    private final int crashAfter;

    Recorder(int crashAfter) {
      this.crashAfter = crashAfter;
    }

    @Override
    public void start(long total, long done) {
      // nothing to prepare
    }

    @Override
    public void step(long done, double loss) {
      losses.add(loss);
      if (done == crashAfter) {
        throw new IllegalStateException("crash");
      }
    }

    @Override
    public void end() {
      // nothing to close
    }
  }

  private Map<String, Tensor> train(String run, int epochs, Recorder recorder) {
    try (Trainer trainer = new Trainer(backbone, untuned, options(epochs), 2, Pooling.ALL, EVERY)) {
      trainer.train(rows, directory.resolve(run + ".safetensors"), Optional.empty(), recorder);
      return trainer.weights();
    }
  }

  @Test
  @Order(2)
  void shouldRepeatItselfForASeed() {
    assertSame(train("second", STEPS, new Recorder(-1)), whole);
  }

  @Test
  @Order(1)
  void shouldLearnAndEndAlikeWhenInterruptedAndResumed() {
    // Given a run whose smoothed loss falls, and one that crashes between two checkpoints
    Recorder recorder = new Recorder(-1);
    whole = train("whole", STEPS, recorder);
    assertThat(recorder.losses.get(STEPS - 1)).isLessThan(recorder.losses.get(0));
    assertThatThrownBy(() -> train("crashed", STEPS, new Recorder(STEPS - 1))).hasMessage("crash");

    // When it is resumed from the last one
    Recorder resumed = new Recorder(-1);
    Map<String, Tensor> actual = train("crashed", STEPS, resumed);

    // Then only the missing steps run, and the weights are those of the whole run to the bit
    assertThat(resumed.losses).hasSize(STEPS - EVERY);
    assertSame(actual, whole);
  }

  /**
   * Bit for bit; AssertJ's own comparison of arrays is quadratic, and there are millions of values.
   */
  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, tensor) ->
            assertThat(Arrays.equals(actual.get(name).toArray(), tensor.toArray()))
                .as(name)
                .isTrue());
  }

  @Test
  void shouldStartFromABundlesEncoder() {
    // Given
    String query = "encoder.layer.3.attention.self.query.weight";
    String norm = "encoder.layer.2.output.LayerNorm.bias";
    Map<String, Tensor> tuned = new HashMap<>();
    for (String each : List.of(query, norm)) {
      float[] values = backbone.weight(each).toArray();
      values[0] += 1;
      tuned.put(each, Tensor.of(values, backbone.weight(each).shape()));
    }
    Adapter start = new Adapter(backbone, tuned);

    // When
    Map<String, Tensor> weights;
    try (Trainer trainer = new Trainer(backbone, start, options(1), 3, Pooling.ALL)) {
      weights = trainer.weights();
    }

    // Then the encoder is the bundle's, and the exits are new and have their own classes
    for (String each : List.of(query, norm)) {
      assertThat(weights.get(each).values()).isEqualTo(start.weight(each).values());
      assertThat(weights.get(each).values()).isNotEqualTo(backbone.weight(each).values());
    }
    assertThat(weights.get("exits.output.weight").shape()).containsExactly(tiers.cloud(), 8, 3);
  }

  @Test
  void shouldEndWhereNoOtherEpochIsWantedAndContinueThere() {
    // Given a run that ends after its second epoch
    Path checkpoint = directory.resolve("early.safetensors");
    Recorder steps = new Recorder(-1);
    try (Trainer trainer = new Trainer(backbone, untuned, options(STEPS), 2, Pooling.ALL)) {
      trainer.train(rows, checkpoint, Optional.empty(), epoch -> epoch < 2, steps);
    }

    // Then it has made two steps, and another run goes on behind them
    assertThat(steps.losses).hasSize(2);
    Recorder others = new Recorder(-1);
    List<Integer> asked = new ArrayList<>();
    try (Trainer trainer = new Trainer(backbone, untuned, options(STEPS), 2, Pooling.ALL)) {
      trainer.train(rows, checkpoint, Optional.empty(), asked::add, others);
    }
    assertThat(others.losses).hasSize(STEPS - 2);
    assertThat(asked).containsExactly(3, 4, 5, 6);
  }

  @Test
  void shouldSayTheSameFromWhatTheEncoderSaidOnce() {
    // Given exits alone, whose encoder reads the rows once
    Trainer.Exits heads = new Trainer.Exits(2, Pooling.ALL, Tune.exits, List.of());
    try (Trainer trainer = new Trainer(backbone, untuned, options(1), heads)) {
      float[][][] anew = trainer.evaluate(rows, Map.of(), new Recorder(-1)).logits();

      // When
      trainer.encode(rows, new Recorder(-1));

      // Then
      float[][][] kept = trainer.evaluate(rows, Map.of(), new Recorder(-1)).logits();
      for (int layer = 0; layer < kept.length; layer++) {
        for (int row = 0; row < rows.size(); row++) {
          assertThat(kept[layer][row]).containsExactly(anew[layer][row], within(1e-5f));
        }
      }
    }
  }

  @Test
  void shouldAskItsExitsAboutRowsOfNoClass() {
    EncodedExample row = rows.get(0);
    EncodedExample ofNoClass = new EncodedExample(row.text(), -1);
    try (Trainer trainer = new Trainer(backbone, untuned, options(1), 2, Pooling.ALL)) {
      ExitOutputs outputs =
          trainer.evaluate(List.of(row, ofNoClass), trainer.weights(), new Recorder(-1));

      assertThat(outputs.labels()).containsExactly(1, -1);
      assertThat(outputs.logits()[0][1]).containsExactly(outputs.logits()[0][0], within(1e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource(Tune.class)
  void shouldEstimateMoreTimeForMoreEpochs(Tune tune) {
    SeedRun.Rows all = new SeedRun.Rows(rows, rows, rows, List.of(), List.of());
    Trainer.Exits exits = new Trainer.Exits(2, Pooling.ALL, tune, List.of());

    Duration few = TimeEstimate.of(backbone, untuned, all, options(1), exits);
    Duration many = TimeEstimate.of(backbone, untuned, all, options(1_000), exits);

    assertThat(few).isPositive();
    assertThat(many).isGreaterThan(few);
  }

  @ParameterizedTest
  @EnumSource(Pooling.class)
  void shouldRunInOnnxRuntimeAsItRanInTraining(Pooling pooling) {
    // Given a bundle of what was trained
    try (Trainer trainer = new Trainer(backbone, untuned, options(2), 2, pooling)) {
      trainer.train(
          rows, directory.resolve(pooling + ".safetensors"), Optional.empty(), new Recorder(-1));
      Map<String, Tensor> tuned = trainer.weights();
      ExitOutputs outputs =
          trainer.evaluate(rows, BundleWriter.asStored(backbone, tuned), new Recorder(-1));
      PathCosts costs = PathCosts.of(tiers, Prices.DEFAULT, 2.0 * backbone.architecture().hidden());
      Calibration calibration = Calibration.fit(outputs, costs, Calibration.Target.DEFAULT);
      Bundle bundle =
          new BundleWriter(directory.resolve("bundle-" + pooling))
              .write(
                  new BundleWriter.Description(
                      "tiny",
                      new GlueData(Path.of("unread"), GlueTask.SST2),
                      32,
                      tiers,
                      Prices.DEFAULT,
                      new ObjectMapper().createObjectNode(),
                      new ObjectMapper().createObjectNode()),
                  backbone,
                  tuned,
                  Optional.empty(),
                  calibration);

      // When ONNX Runtime answers the same rows at each exit
      ModelFiles files =
          new ModelFiles(bundle, new FileCache(directory.resolve("cache-" + pooling)));
      try (SegmentSet segments = SegmentSet.load(bundle, files, tiers.cloud(), 1)) {
        EarlyExitModel model = segments.model();
        for (int depth : tiers.all()) {
          List<Work> works =
              rows.stream()
                  .map(r -> new Work(backbone.architecture(), r.text(), 0, null, depth, depth))
                  .toList();
          List<Outcome<Object>> outcomes = model.run(works, (s, o, t, h) -> null);

          // Then it says what the trainer said
          for (int row = 0; row < rows.size(); row++) {
            ExitReading actual = ((Outcome.Answered<Object>) outcomes.get(row)).answer();
            ExitReading expected = outputs.read(bundle.manifest().exit(depth), row);
            assertThat(actual.probabilities()[0])
                .isCloseTo(expected.probabilities()[0], within(1e-4f));
          }
        }
      }
    }
  }

  @Test
  void shouldRefuseACheckpointOfAnotherModel() throws Exception {
    // Given files that are well formed but of something else
    Path noStep = directory.resolve("no-step.safetensors");
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("dense.values", Tensor.of(new float[2], 2));
    SafeTensors.write(noStep, tensors, SafeTensors.Precision.F32);
    Path otherSize = directory.resolve("other-size.safetensors");
    tensors.put("step", Tensor.of(new float[] {3}, 1));
    SafeTensors.write(otherSize, tensors, SafeTensors.Precision.F32);

    // Then
    try (Trainer trainer = new Trainer(backbone, untuned, options(1), 2, Pooling.ALL)) {
      assertThatThrownBy(() -> trainer.train(rows, noStep, Optional.empty(), new Recorder(-1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("has no step");
      assertThatThrownBy(() -> trainer.train(rows, otherSize, Optional.empty(), new Recorder(-1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("dense.values");
    }
  }

  @Test
  void shouldRefuseRowsThatDoNotFillABatch() {
    try (Trainer trainer = new Trainer(backbone, untuned, options(1), 2, Pooling.ALL)) {
      assertThatThrownBy(
              () ->
                  trainer.train(
                      rows.subList(0, 2),
                      directory.resolve("few"),
                      Optional.empty(),
                      new Recorder(-1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("do not fill a batch of 4");
    }
  }

  @Test
  void shouldTrainTheExitsAloneOnWhatTheEncoderGives() {
    Trainer.Exits exits = new Trainer.Exits(2, Pooling.ALL, Tune.exits, List.of());
    Recorder recorder = new Recorder(-1);
    try (Trainer trainer = new Trainer(backbone, untuned, options(40), exits)) {
      // When
      trainer.encode(rows, new Recorder(-1));
      trainer.train(rows, directory.resolve("exits.safetensors"), Optional.empty(), recorder);

      // Then the exits learned, and nothing else is in the bundle
      List<Double> losses = recorder.losses;
      assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(1));
      assertThat(trainer.weights().keySet()).allMatch(weight -> weight.startsWith("exits."));
      ExitOutputs outputs = trainer.evaluate(rows, trainer.weights(), new Recorder(-1));
      assertThat(outputs.layers()).isEqualTo(backbone.architecture().layers());
    }
  }

  @Test
  void shouldTakeAsManyStepsAsFitInATime() {
    // Given a run of a hundred steps, and no time for more than are measured
    Recorder recorder = new Recorder(-1);
    try (Trainer trainer = new Trainer(backbone, untuned, options(100), 2, Pooling.ALL, EVERY)) {
      // When
      trainer.train(
          rows,
          directory.resolve("limited.safetensors"),
          Optional.of(Duration.ofNanos(1)),
          recorder);

      // Then
      assertThat(recorder.losses).hasSize(20);
    }
  }

  @Test
  void shouldTakeEveryStepThatFitsInATime() {
    Recorder recorder = new Recorder(-1);
    try (Trainer trainer = new Trainer(backbone, untuned, options(30), 2, Pooling.ALL, EVERY)) {
      trainer.train(
          rows,
          directory.resolve("unlimited.safetensors"),
          Optional.of(Duration.ofHours(1)),
          recorder);

      assertThat(recorder.losses).hasSize(30);
    }
  }

  @Test
  void shouldLearnRareClassesFasterThatCountMore() {
    // Given weights under which only class 0 counts
    Trainer.Exits exits = new Trainer.Exits(2, Pooling.ALL, Tune.all, List.of(1.0, 1e-6));
    try (Trainer trainer = new Trainer(backbone, untuned, options(60), exits)) {
      // When
      trainer.train(
          rows, directory.resolve("weighted.safetensors"), Optional.empty(), new Recorder(-1));
      ExitOutputs outputs = trainer.evaluate(rows, trainer.weights(), new Recorder(-1));

      // Then it is all that is answered
      assertThat(outputs.answers(outputs.layers())).containsOnly(0);
    }
  }
}
