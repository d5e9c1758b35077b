package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.ClassWeights;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.data.TaskData;
import io.dimee.calibration.fit.AbstainRule;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.WordsUse;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.onnx.Pooling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which earlier run a training run continues; it is decided before any model is loaded. */
@Tag("slow")
class TrainingRunTest {
  @TempDir Path directory;

  private TrainingRun run(boolean resume) throws Exception {
    return run(GlueRecipe.of(GlueTask.SST2).recipe(), Optional.empty(), resume);
  }

  private TrainingRun run(Recipe recipe, Optional<Path> start, boolean resume) throws Exception {
    return run(recipe, start, resume, 2);
  }

  private TrainingRun run(Recipe recipe, Optional<Path> start, boolean resume, int classes)
      throws Exception {
    StringBuilder rows = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 40; i++) {
      rows.append("film ").append(i).append('\t').append(i % classes).append('\n');
    }
    Path data = Files.createDirectories(directory.resolve("SST-2"));
    Files.writeString(data.resolve("train.tsv"), rows);
    Files.writeString(data.resolve("dev.tsv"), "sentence\tlabel\nanother film\t1\n");
    return new TrainingRun(
        new TrainingRun.Plan(
            "test",
            recipe,
            new GlueData(directory, GlueTask.SST2),
            directory.resolve("work"),
            directory.resolve("bundle"),
            start,
            resume,
            Optional.empty(),
            Optional.empty(),
            ClassWeights.NONE,
            Calibration.Target.DEFAULT,
            WordsUse.OFF,
            AbstainRule.NEVER,
            TierDepths.PAPER,
            Prices.DEFAULT,
            hidden -> 2.0 * hidden,
            "test"),
        stage -> {
          throw new IllegalStateException("it must not begin to " + stage);
        },
        estimate -> {});
  }

  private void leaveCheckpoint(String identity) throws Exception {
    Path work = Files.createDirectories(directory.resolve("work/seed-17"));
    Files.writeString(work.resolve("checkpoint.safetensors"), "weights");
    Files.writeString(work.resolve("run.json"), identity);
  }

  @Test
  void shouldNotOverwriteACheckpointUnlessToldToResume() throws Exception {
    // Given
    leaveCheckpoint("{}");

    // Then
    assertThatThrownBy(() -> run(false).run())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("--resume")
        .hasMessageContaining("--work");
  }

  @Test
  void shouldNotResumeARunWithOtherDataOrOptions() throws Exception {
    // Given
    leaveCheckpoint("{\"rows_trained\":7}");

    // Then
    assertThatThrownBy(() -> run(true).run())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("other data or options")
        .hasMessageContaining("rows_trained");
  }

  @Test
  void shouldNotTrainOnOneClass() {
    assertThatThrownBy(
            () -> run(GlueRecipe.of(GlueTask.SST2).recipe(), Optional.empty(), false, 1).run())
        .isInstanceOf(DataException.class)
        .hasMessageMatching("SST-2: all \\d+ rows to train on have the label 0; valid: .*0, 1.*");
  }

  @Test
  void shouldNotReadASingleTextAsAPair() {
    Recipe sst2 = GlueRecipe.of(GlueTask.SST2).recipe();
    Recipe byText =
        new Recipe(sst2.options(), sst2.seeds(), sst2.backbone(), Pooling.BY_TEXT, Tune.all);

    assertThatThrownBy(() -> run(byText, Optional.empty(), false).run())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("pooling");
  }

  @Test
  void shouldNotStartFromABundleForAnotherBackbone() {
    // Given
    Recipe sst2 = GlueRecipe.of(GlueTask.SST2).recipe();
    Recipe other =
        new Recipe(sst2.options(), sst2.seeds(), Backbone.NAMES.get(1), sst2.pooling(), Tune.all);

    // Then
    assertThatThrownBy(() -> run(other, Optional.of(Path.of("../bundles/sst2")), false).run())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("start=../bundles/sst2")
        .hasMessageContaining("backbone=" + Backbone.NAMES.get(1));
  }

  @Test
  void shouldPassOverABundleThatIsMadeAlreadyAndOnlyThen() throws Exception {
    // Given a bundle whose record says that it was made by this very run
    Path made = directory.resolve("bundle");
    TrainingRun run = run(true);
    try (Stream<Path> files = Files.list(Path.of("../bundles/sst2"))) {
      Files.createDirectories(made);
      for (Path file : files.toList()) {
        Files.copy(file, made.resolve(file.getFileName()));
      }
    }
    ObjectMapper json = new ObjectMapper();
    ObjectNode manifest =
        (ObjectNode) json.readTree(Files.readAllBytes(made.resolve("manifest.json")));
    TrainingOptions options = GlueRecipe.of(GlueTask.SST2).recipe().options();
    TaskData data = new GlueData(directory, GlueTask.SST2).rows(options.heldOut(), options.seed());
    ObjectNode training = data.identity().deepCopy();
    training.put("backbone", GlueRecipe.of(GlueTask.SST2).recipe().backbone());
    training.set("options", json.valueToTree(options));
    training.put("seeds", 1);
    training.put("max_drop_points", Calibration.Target.DEFAULT.maxDrop());
    training.put("confidence", Calibration.Target.DEFAULT.confidence());
    manifest.set("training", training);
    Files.writeString(made.resolve("manifest.json"), manifest.toString());

    // Then
    assertThat(run.run()).isEmpty();

    // When anything differs, then it is made again
    training.put("seeds", 2);
    Files.writeString(made.resolve("manifest.json"), manifest.toString());
    assertThatThrownBy(() -> run(true).run()).hasMessageContaining("must not begin to train");
  }
}
