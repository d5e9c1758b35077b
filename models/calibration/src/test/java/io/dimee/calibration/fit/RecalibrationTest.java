package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.evaluation.TaskEvaluator;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recalibrating the committed bundle. */
@Tag("slow")
class RecalibrationTest {
  @TempDir Path directory;
  private Path cache;
  private final List<String> stages = new ArrayList<>();
  private Bundle bundle;

  @BeforeEach
  void open() throws IOException {
    bundle = Bundle.open(Path.of("../bundles/sst2"));
    cache = assembled(directory.resolve("cache"));
  }

  /** A cache of its own that has the model, and no answers. */
  private Path assembled(Path folder) throws IOException {
    Files.createDirectories(folder);
    new ModelFiles(bundle, new FileCache(SharedCache.FOLDER))
        .segments(bundle.manifest().tiers().cloud());
    try (Stream<Path> files = Files.list(SharedCache.FOLDER)) {
      for (Path file : files.filter(RecalibrationTest::isOfTheModel).toList()) {
        Files.createSymbolicLink(folder.resolve(file.getFileName()), file);
      }
    }
    return folder;
  }

  private static boolean isOfTheModel(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith("exits-") && !name.startsWith(".");
  }

  private TrainingProgress progress(String stage) {
    return new TrainingProgress() {
      @Override
      public void start(long total, long done) {
        stages.add(stage);
      }

      @Override
      public void step(long done, double loss) {
        // only the beginning is of interest
      }

      @Override
      public void end() {
        // nothing to close
      }
    };
  }

  private Recalibration recalibration(Path data) {
    return new Recalibration(
        bundle, new GlueData(data, GlueTask.SST2), new FileCache(cache), 2, this::progress);
  }

  @Test
  void shouldRefuseDataThatTheBundleWasNotTrainedOn() throws Exception {
    // Given
    Path folder = Files.createDirectories(directory.resolve("SST-2"));
    StringBuilder rows = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 40; i++) {
      rows.append("film ").append(i).append("\t1\n");
    }
    Files.writeString(folder.resolve("train.tsv"), rows);
    Files.writeString(folder.resolve("dev.tsv"), "sentence\tlabel\nother\t1\n");

    // Then
    assertThatThrownBy(() -> recalibration(directory))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data=" + directory)
        .hasMessageContaining("held out");
  }

  @Test
  void shouldAskTheModelOnceAndAnswerAlikeFromTheCache() {
    // Given
    List<Example> rows =
        List.of(
            new Example("a warm and funny film", null, 1, 0),
            new Example("dull", null, 0, 0),
            new Example("not bad , though it takes its time", null, 1, 0));
    ExitSurvey survey = new ExitSurvey(bundle, new FileCache(cache), 1);

    // When
    ExitOutputs first = survey.of(rows, progress("first"));
    ExitOutputs second = survey.of(rows, progress("second"));

    // Then
    assertThat(stages).containsExactly("first");
    assertThat(second.logits()).isDeepEqualTo(first.logits());
    assertThat(second.embeddings()).isDeepEqualTo(first.embeddings());
    assertThat(second.labels()).containsExactly(1, 0, 1);
    assertThat(second.tokens()).containsExactly(7, 3, 10);
    assertThat(first.layers()).isEqualTo(12);
    assertThat(first.accuracy(12)).isEqualTo(1);
  }

  @Test
  void shouldLeaveNothingHalfDoneWhenInterruptedAndAnswerAlikeWhenRunAgain() throws Exception {
    // Given
    List<Example> rows =
        List.of(
            new Example("it starts well", null, 1, 0),
            new Example("and ends in the middle of", null, 0, 0));
    Path interrupted = assembled(directory.resolve("interrupted"));
    TrainingProgress stopped =
        new TrainingProgress() {
          @Override
          public void start(long total, long done) {
            // runs until the model has answered
          }

          @Override
          public void step(long done, double loss) {
            throw new IllegalStateException("stopped");
          }

          @Override
          public void end() {
            throw new AssertionError("not reached");
          }
        };

    // When
    ExitSurvey survey = new ExitSurvey(bundle, new FileCache(interrupted), 1);
    assertThatThrownBy(() -> survey.of(rows, stopped)).hasMessage("stopped");

    // Then
    try (Stream<Path> files = Files.list(interrupted)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("exits-"));
    }
    ExitOutputs again = survey.of(rows, progress("again"));
    ExitOutputs uninterrupted =
        new ExitSurvey(bundle, new FileCache(cache), 1).of(rows, progress("uninterrupted"));
    assertThat(stages).containsExactly("again", "uninterrupted");
    assertThat(again.logits()).isDeepEqualTo(uninterrupted.logits());
    assertThat(again.embeddings()).isDeepEqualTo(uninterrupted.embeddings());
  }

  @Test
  void shouldRepeatTheBundlesOwnCalibrationAndFollowPrices() {
    // Given the GLUE data, where it is
    String data = System.getenv("DIMEE_DATA");
    Assumptions.assumeThat(data).as("DIMEE_DATA names the folder with SST-2").isNotNull();
    Recalibration recalibration = recalibration(Path.of(data));
    Calibration.Target target = TaskEvaluator.target(bundle.manifest());

    // When
    Recalibration.Result same =
        recalibration.fit(Prices.DEFAULT, 2 * 384, target, WordsUse.OFF, AbstainRule.NEVER);

    // Then the same rows give the thresholds that are committed
    assertThat(same.calibration().exits()).hasSameSizeAs(bundle.manifest().exits());
    for (Exit exit : same.calibration().exits()) {
      for (int label = 0; label < bundle.manifest().labels().size(); label++) {
        assertThat(exit.threshold(label))
            .isCloseTo(bundle.manifest().exit(exit.depth()).threshold(label), within(1e-3));
      }
    }
    assertThat(same.measured().dropPoints()).isLessThanOrEqualTo(0.3);
    assertThat(same.measured().costReduction()).isGreaterThan(0.58);

    // When the cloud is cheap, then it is worth asking more often
    Prices cheapCloud =
        new Prices(new Prices.Layer(1, 1, 0.1), 0, new Prices.Offload(1, 0.1, 1), 0);
    Recalibration.Result other =
        recalibration.fit(cheapCloud, 2 * 384, target, WordsUse.OFF, AbstainRule.NEVER);
    assertThat(other.calibration().predicted().shares().get(2))
        .isGreaterThan(same.calibration().predicted().shares().get(2));

    // When it is written, then only the calibration is new
    Bundle written =
        recalibration.write(
            directory.resolve("bundle"), other, cheapCloud, target, AbstainRule.NEVER, "test");
    assertThat(written.modelId()).isEqualTo(bundle.modelId());
    assertThat(written.manifest().prices()).isEqualTo(cheapCloud);
    assertThat(written.manifest().pair()).isFalse();
    assertThat(written.manifest().exits()).isEqualTo(other.calibration().exits());
    assertThat(written.manifest().training().at("/calibration/command").asText()).isEqualTo("test");
    assertThat(stages).doesNotHaveDuplicates();
  }
}
