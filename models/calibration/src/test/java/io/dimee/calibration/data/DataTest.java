package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading, holding out and batching training data. */
class DataTest {
  @TempDir Path directory;

  private List<Example> read(GlueTask task, String content) throws IOException {
    return read(task, Files.writeString(directory.resolve("train.tsv"), content));
  }

  private static List<Example> read(GlueTask task, Path file) {
    return LabelledTexts.readAll(file, task.reading(), task.codes());
  }

  @Test
  void shouldReadFilesWithAHeaderWithoutOneAndWithAByteOrderMark() throws IOException {
    assertThat(read(GlueTask.SST2, "sentence\tlabel\na fine film \t1\n"))
        .containsExactly(new Example("a fine film ", null, 1, 2));
    assertThat(read(GlueTask.COLA, "gj04\t0\t*\tShe leaved.\n"))
        .containsExactly(new Example("She leaved.", null, 0, 1));
    assertThat(
            read(
                GlueTask.MRPC,
                "\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t7\t8\t\" he\tshe\n"))
        .containsExactly(new Example("\" he", "she", 1, 2));
    assertThat(read(GlueTask.RTE, "index\tsentence1\tsentence2\tlabel\n0\ta\tb\tnot_entailment\n"))
        .containsExactly(new Example("a", "b", 0, 2));
  }

  @Test
  void shouldNameFileLineAndColumnOfWhatCannotBeUsed() {
    assertThatThrownBy(() -> read(GlueTask.SST2, "text\tlabel\nfine\t1\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.tsv has no such column; its columns: text, label");
    assertThatThrownBy(() -> read(GlueTask.SST2, "sentence\tlabel\nfine\t1\nodd\t7\n"))
        .hasMessageContaining("train.tsv line 3: label 7 is not one of [0, 1]");
    assertThatThrownBy(() -> read(GlueTask.SST2, "sentence\tlabel\nfine\n"))
        .hasMessageContaining("line 2: column 2 is missing");
    assertThatThrownBy(() -> read(GlueTask.SST2, "sentence\tlabel\n"))
        .hasMessageContaining("has no rows");
    assertThatThrownBy(() -> GlueTask.of("chess"))
        .hasMessageContaining("task=chess is not known")
        .hasMessageContaining("SST-2");
  }

  @Test
  void shouldTakeIntegersWrittenAsDecimalsForLabels() throws IOException {
    assertThat(read(GlueTask.SST2, "sentence\tlabel\nfine\t1.0\ndull\t0.0\n"))
        .extracting(Example::label)
        .containsExactly(1, 0);
    assertThatThrownBy(() -> read(GlueTask.SST2, "sentence\tlabel\nfine\t0.5\n"))
        .hasMessageContaining("label 0.5 is not one of [0, 1]");
  }

  @Test
  void shouldNotCutRowsThatHaveMoreCellsThanTheHeader() throws IOException {
    assertThat(read(GlueTask.SST2, "sentence\tlabel\nfine\t1\t\n")).hasSize(1);
    assertThatThrownBy(() -> read(GlueTask.SST2, "sentence\tlabel\nfine\t1\nnot\t0\tgood\n"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.tsv line 3: the row has 3 columns; valid: 2");
    assertThatThrownBy(
            () ->
                read(GlueTask.COLA, "gj04\t0\t*\tShe leaved.\ngj04\t0\t*\tShe leaved.\tHe left.\n"))
        .hasMessageContaining("line 2: the row has 5 columns; valid: 4");
  }

  @Test
  void shouldReadAFileAsWindowsWritesItAndNameAnyOtherEncoding() throws IOException {
    byte[] windows = "\uFEFFsentence\tlabel\nfine\t1\n".getBytes(StandardCharsets.UTF_16LE);
    byte[] latin = "sentence\tlabel\ncaf\u00e9\t1\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = directory.resolve("train.tsv");

    assertThat(read(GlueTask.SST2, Files.write(file, windows)))
        .containsExactly(new Example("fine", null, 1, 2));
    assertThatThrownBy(() -> read(GlueTask.SST2, Files.write(file, latin)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.tsv line 2 is not UTF-8");
  }

  @Test
  void shouldHoldOutWholeSentencesAndAllTheirPhrases() {
    // Given sentences and phrases of them
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      examples.add(new Example("film%d is a fine piece".formatted(i), null, 1, 0));
      examples.add(new Example("Film%d is a ".formatted(i), null, 1, 0));
      examples.add(new Example("film%d".formatted(i), null, 1, 0));
    }
    examples.add(new Example("a fine piece", null, 1, 0));

    // When
    HoldOut parts = HoldOut.split(examples, 5, 1);

    // Then
    assertThat(parts.heldOut()).hasSize(5).allMatch(e -> e.text().endsWith("fine piece"));
    for (Example heldOut : parts.heldOut()) {
      String name = heldOut.text().substring(0, heldOut.text().indexOf(' '));
      assertThat(parts.train())
          .noneMatch(e -> (e.text() + " ").toLowerCase(Locale.ROOT).startsWith(name + " "));
    }
    assertThat(parts.train()).hasSize(75);
    assertThat(HoldOut.split(examples, 5, 1)).isEqualTo(parts);
  }

  @Test
  void shouldRefuseToHoldOutOfNothing() {
    assertThatThrownBy(() -> HoldOut.split(List.of(new Example("a", null, 0, 0)), 5, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("too few");
  }
}
