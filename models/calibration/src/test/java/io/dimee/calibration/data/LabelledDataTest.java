package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledDataTest {
  @TempDir Path directory;

  private static String rows(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "text %d,%s\n".formatted(i, i % 4 == 0 ? "rare" : "usual"))
        .collect(Collectors.joining("", "text,label\n", ""));
  }

  private LabelledData data() {
    return data(Reading.USUAL);
  }

  private LabelledData data(Reading reading) {
    DataFiles files = DataFiles.of(directory, Optional.empty(), Optional.empty());
    try (TextTokenizer tokenizer = TextTokenizer.load(Backbone.NAMES.get(0), 128)) {
      CheckReport report =
          new DataCheck(reading, TableFile::open, 10, row -> {}).check(files, tokenizer);
      return LabelledData.of("mine", files, reading, TableFile::open, report);
    }
  }

  @Test
  void shouldMeasureOnAPartOfTheRowsWhereThereIsNoOtherFile() throws IOException {
    Files.writeString(directory.resolve("train.csv"), rows(0, 200));

    TaskData rows = data().rows(40, 17);

    assertThat(rows.dev()).hasSizeBetween(28, 32);
    assertThat(rows.heldOut()).hasSizeBetween(38, 42);
    assertThat(rows.train().size() + rows.heldOut().size() + rows.dev().size()).isEqualTo(200);
    assertThat(rows.heldOut().stream().filter(row -> row.label() == 0).count()).isBetween(8L, 12L);
    assertThat(data().rows(40, 17)).isEqualTo(rows);
    assertThat(data().rows(40, 18)).isNotEqualTo(rows);
  }

  @Test
  void shouldNotTrainOnTextsThatAreMeasuredOn() throws IOException {
    Files.writeString(directory.resolve("train.csv"), rows(0, 100));
    Files.writeString(directory.resolve("test.csv"), rows(90, 130));

    TaskData rows = data().rows(20, 17);

    assertThat(rows.dev()).hasSize(40);
    assertThat(rows.train().size() + rows.heldOut().size()).isEqualTo(90);
    assertThat(rows.identity().path(LabelledData.MEASURED_SHA256).asText()).hasSize(64);
  }

  private static Reading withUnknown(String label) {
    return Reading.of(
        TableFile.Layout.DEFAULT,
        ColumnChoice.USUAL,
        new LabelRules(List.of(), Map.of(), Optional.empty(), Set.of(), Optional.of(label)));
  }

  @Test
  void shouldTrainOnNoRowOfNoClass() throws IOException {
    // Given
    String other = "other 1,none\nother 2,none\nother 3,none\nother 4,none\n";
    Files.writeString(directory.resolve("train.csv"), rows(0, 100) + other);

    // When
    TaskData rows = data(withUnknown("none")).rows(20, 17);

    // Then half of them is to calibrate on, the others to measure on
    assertThat(rows.outOfScope().heldOut()).hasSize(2);
    assertThat(rows.outOfScope().dev())
        .hasSize(2)
        .doesNotContainAnyElementsOf(rows.outOfScope().heldOut());
    assertThat(rows.train().size() + rows.heldOut().size() + rows.dev().size()).isEqualTo(100);
  }

  @Test
  void shouldMeasureOnRowsOfNoClassOfTheFileThatIsMeasuredOn() throws IOException {
    Files.writeString(directory.resolve("train.csv"), rows(0, 100) + "other 1,none\n");
    Files.writeString(
        directory.resolve("dev.csv"), rows(100, 120) + "other 2,none\nother 3,none\n");

    TaskData.OutOfScope rows = data(withUnknown("none")).rows(20, 17).outOfScope();

    assertThat(rows.heldOut()).extracting(Example::text).containsExactly("other 1");
    assertThat(rows.dev()).extracting(Example::text).containsExactly("other 2", "other 3");
    assertThat(rows.dev()).extracting(Example::label).containsOnly(-1);
  }

  @Test
  void shouldReadAgainAsABundleRecords() {
    Reading reading =
        Reading.of(
            new TableFile.Layout(Optional.of(TableFormat.fasttext), true, ""),
            new ColumnChoice(List.of("title", "body"), Optional.of("more"), Optional.of("queue")),
            new LabelRules(
                List.of(),
                Map.of("1", "yes", "*", "no"),
                Optional.of(Pattern.compile("^[^:]+")),
                Set.of("x"),
                Optional.of("oos")));

    Reading again = ReadingJson.read(ReadingJson.of(reading), List.of("yes", "no"));

    assertThat(again)
        .usingRecursiveComparison()
        .ignoringFieldsOfTypes(Pattern.class)
        .isEqualTo(reading.of(List.of("yes", "no")));
    assertThat(again.labels().classOf("1:2")).isEqualTo("yes");
  }
}
