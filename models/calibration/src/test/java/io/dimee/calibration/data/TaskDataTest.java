package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is trained on, calibrated on and measured on stays apart. */
class TaskDataTest {
  private static final long SEED = 1;

  @TempDir Path directory;

  private void write(String folder, String file, String... pairs) throws IOException {
    StringBuilder rows = new StringBuilder("index\tsentence1\tsentence2\tlabel\n");
    for (int i = 0; i < pairs.length; i++) {
      rows.append(i).append('\t').append(pairs[i]).append("\tneutral\n");
    }
    Files.writeString(Files.createDirectories(directory.resolve(folder)).resolve(file), rows);
  }

  private static String[] pairs(int count) {
    String[] pairs = new String[count];
    for (int i = 0; i < count; i++) {
      pairs[i] = "premise %d\thypothesis %d".formatted(i, i);
    }
    return pairs;
  }

  private TaskData read(GlueTask... extra) {
    return TaskData.read(directory, GlueTask.MNLI, List.of(extra), 3, SEED);
  }

  @Test
  void shouldLeaveRowsThatDevRepeatsOutOfTraining() throws IOException {
    // Given
    write("MNLI", "train.tsv", pairs(12));
    write("MNLI", "dev_matched.tsv", "Premise 4 \thypothesis 4", "other\trow");

    // When
    TaskData data = read();

    // Then
    assertThat(data.train()).hasSize(8).noneMatch(e -> e.text().equals("premise 4"));
    assertThat(data.heldOut()).hasSize(3).noneMatch(e -> e.text().equals("premise 4"));
    assertThat(data.dev()).hasSize(2);
    assertThat(data.identity().path("rows_trained").intValue()).isEqualTo(8);
  }

  @Test
  void shouldAddRowsOfAnotherTaskButNoneThatIsHeldOutOrInDev() throws IOException {
    // Given another task that repeats all of this one's rows and has one of its own
    write("MNLI", "train.tsv", pairs(12));
    write("MNLI", "dev_matched.tsv", "other\trow");
    String[] extra = pairs(14);
    extra[12] = "other\trow";
    write("SNLI", "train.tsv", extra);

    // When
    TaskData data = read(GlueTask.SNLI);

    // Then
    assertThat(data.train()).hasSize(9 + 9 + 1);
    for (Example heldOut : data.heldOut()) {
      assertThat(data.train()).noneMatch(e -> e.text().equals(heldOut.text()));
    }
    assertThat(data.train()).noneMatch(e -> e.text().equals("other"));
    assertThat(data.heldOut()).isEqualTo(read().heldOut());
    assertThat(data.identity().has("data_sha256_snli")).isTrue();
  }

  @Test
  void shouldNameTheFolderThatIsMissing() {
    assertThatThrownBy(() -> read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("data=" + directory)
        .hasMessageContaining("MNLI");
  }

  @Test
  void shouldBeSaidByEveryBundleWhetherItsTaskIsOnPairs() {
    for (GlueTask task : GlueTask.benchmark()) {
      Bundle bundle = Bundle.open(Path.of("../bundles", task.bundleName()));
      assertThat(bundle.manifest().pair()).as(task.folder()).isEqualTo(task.isPair());
    }
  }

  private static Example labelled(int label) {
    return new Example("text", null, label, 1);
  }

  @Test
  void shouldRefuseToTrainOrCalibrateOnOneClass() {
    // Given
    List<Example> one = List.of(labelled(1), labelled(1));
    List<Example> two = List.of(labelled(0), labelled(1));

    // Then
    assertThatThrownBy(() -> new TaskData(one, two, two, null).requireSeveralClasses(GlueTask.SST2))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "SST-2: all 2 rows to train on have the label 1; valid: rows of two or more of [0, 1]");
    assertThatThrownBy(() -> new TaskData(two, one, two, null).requireSeveralClasses(GlueTask.SST2))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("all 2 rows held out for calibration have the label 1");
    assertThatCode(() -> new TaskData(two, two, one, null).requireSeveralClasses(GlueTask.SST2))
        .doesNotThrowAnyException();
  }
}
