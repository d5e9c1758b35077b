package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.Prices;
import io.dimee.inference.TierDepths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which earlier run a training run goes on with; it is decided before any model is loaded. */
class TrainingRunTest {
  @TempDir Path directory;

  private TrainingRun run(boolean resume) throws Exception {
    StringBuilder rows = new StringBuilder("sentence\tlabel\n");
    for (int i = 0; i < 40; i++) {
      rows.append("film ").append(i).append('\t').append(i % 2).append('\n');
    }
    Path data = Files.createDirectories(directory.resolve("SST-2"));
    Files.writeString(data.resolve("train.tsv"), rows);
    Files.writeString(data.resolve("dev.tsv"), "sentence\tlabel\nanother film\t1\n");
    return new TrainingRun(
        new TrainingRun.Plan(
            "test",
            Recipe.of(GlueTask.SST2),
            directory,
            directory.resolve("work"),
            directory.resolve("bundle"),
            Optional.empty(),
            resume,
            Calibration.Target.DEFAULT,
            TierDepths.PAPER,
            Prices.DEFAULT,
            "test"),
        stage -> {
          throw new IllegalStateException("it must not begin to " + stage);
        });
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
}
