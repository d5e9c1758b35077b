package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.Finding.Kind;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.tables.Split;
import io.dimee.tables.TableFile;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCheckTest {
  private static TextTokenizer tokenizer;

  @TempDir Path directory;

  @BeforeAll
  static void load() {
    tokenizer = TextTokenizer.load(Backbone.NAMES.get(0), 16);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  /** Rows of two classes, as many as there must be. */
  private static String rows(String format) {
    return IntStream.range(0, 20)
        .mapToObj(i -> format.formatted("text number " + i, i % 2 == 0 ? "even" : "odd"))
        .collect(Collectors.joining());
  }

  private CheckReport check(String content, Reading reading) throws IOException {
    return check(Map.of("train.csv", content), reading);
  }

  private CheckReport check(Map<String, String> files, Reading reading) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
    return new DataCheck(reading, TableFile::open, 10, row -> {})
        .check(DataFiles.of(directory, Optional.empty(), Optional.empty()), tokenizer);
  }

  private static Reading reading(LabelRules labels) {
    return Reading.of(TableFile.Layout.DEFAULT, ColumnChoice.USUAL, labels);
  }

  private static Finding the(CheckReport report, Kind kind) {
    return report.findings().stream().filter(f -> f.kind() == kind).findFirst().orElseThrow();
  }

  private static List<Kind> kinds(CheckReport report) {
    return report.findings().stream().map(Finding::kind).toList();
  }

  @Test
  void shouldFindNothingWhereThereIsNothing() throws IOException {
    CheckReport report = check("text,label\n" + rows("%s,%s\n"), Reading.USUAL);

    assertThat(report.findings()).isEmpty();
    assertThat(report.labels()).containsExactly("even", "odd");
    assertThat(report.splits().get(Split.TRAIN).byLabel()).containsEntry("odd", 10L);
  }

  @Test
  void shouldRefuseOneClassAndClassesWithFewRows() throws IOException {
    assertThat(the(check("text,label\na,x\nb,x\n", Reading.USUAL), Kind.TOO_FEW_LABELS).message())
        .contains("all 2 rows of train have the label x");

    Finding rare =
        the(check("text,label\n" + rows("%s,%s\n") + "c,rare\n", Reading.USUAL), Kind.RARE_LABEL);
    assertThat(rare.message()).contains("1 of 3 classes").contains("rare (1)");
    assertThat(rare.places()).containsExactly("train.csv line 22");
    assertThatThrownBy(
            () ->
                check("text,label\n" + rows("%s,%s\n") + "c,rare\n", Reading.USUAL)
                    .requireNoErrors())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("first: train.csv line 22");
  }

  @Test
  void shouldLeaveOutTheRowsOfDroppedLabels() throws IOException {
    LabelRules drop =
        new LabelRules(List.of(), Map.of(), Optional.empty(), Set.of("rare"), Optional.empty());

    CheckReport report = check("text,label\n" + rows("%s,%s\n") + "c,rare\n", reading(drop));

    assertThat(report.hasErrors()).isFalse();
    assertThat(report.splits().get(Split.TRAIN).rows()).isEqualTo(20);
  }

  @Test
  void shouldRefuseLabelsOfDevThatTrainLacksAndTellTextsOfTrainInDev() throws IOException {
    CheckReport report =
        check(
            Map.of(
                "train.csv",
                "text,label\n" + rows("%s,%s\n"),
                "dev.csv",
                "text,label\nTEXT  number 3,odd\nnew,third\n"),
            Reading.USUAL);

    assertThat(the(report, Kind.LABEL_NOT_IN_TRAIN).message()).contains("third");
    assertThat(the(report, Kind.IN_TRAIN_TOO))
        .satisfies(
            finding -> {
              assertThat(finding.rows()).isEqualTo(1);
              assertThat(finding.places()).containsExactly("dev.csv line 2");
            });
  }

  @Test
  void shouldRecogniseSeveralLabelsARow() throws IOException {
    String several = "text,label\n" + rows("%s,%s\n") + "c,\"even,odd\"\nd,\"odd, even\"\n";

    CheckReport report = check(several, Reading.USUAL);

    assertThat(the(report, Kind.SEVERAL_LABELS).message()).contains("multi-label");
    assertThat(kinds(report)).doesNotContain(Kind.RARE_LABEL);
  }

  @Test
  void shouldRefuseAColumnOfMeasurements() throws IOException {
    String measured =
        IntStream.range(0, 300)
            .mapToObj(i -> "text %d,%d.%d\n".formatted(i, i, i % 7))
            .collect(Collectors.joining());

    assertThat(the(check("text,label\n" + measured, Reading.USUAL), Kind.TOO_MANY_LABELS).message())
        .contains("300 different numbers")
        .contains("valid: 2 to 200 classes");
  }

  @Test
  void shouldWarnOfLabelsThatAreNearlyTheSameAndOfNumbers() throws IOException {
    String similar = rows("%s,%s\n") + rows("x %s,Even \n").replace("Even ", "E ven");

    assertThat(the(check("text,label\n" + similar, Reading.USUAL), Kind.SIMILAR_LABELS).message())
        .contains("E ven, even");
    String stars =
        IntStream.range(0, 50)
            .mapToObj(i -> "text %d,%d\n".formatted(i, 1 + i % 5))
            .collect(Collectors.joining());
    CheckReport report = check("text,label\n" + stars, Reading.USUAL);
    assertThat(the(report, Kind.NUMERIC_LABELS).message()).contains("scale (1, 2, 3, 4, 5)");
    assertThat(report.labels()).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void shouldCountRowsThatNothingCanBeLearnedFrom() throws IOException {
    CheckReport report =
        check(
            "text,label\n"
                + rows("%s,%s\n")
                + " ,odd\nfine,\ntext number 1,odd\ntext number 1,even\na\u0000b,odd\nc\uFFFDd,odd\n",
            Reading.USUAL);

    assertThat(report.hasErrors()).isFalse();
    assertThat(kinds(report))
        .containsExactlyInAnyOrder(
            Kind.BLANK_TEXTS,
            Kind.NO_LABEL,
            Kind.DUPLICATES,
            Kind.CONFLICTING_LABELS,
            Kind.CONTROL_CHARACTERS,
            Kind.REPLACEMENT_CHARACTERS);
    assertThat(the(report, Kind.CONFLICTING_LABELS).places()).containsExactly("train.csv line 25");
  }

  @Test
  void shouldTolerateFewMalformedRowsAndRefuseMany() throws IOException {
    String many = rows("%s,%s\n") + rows("a %s,%s\n") + rows("b %s,%s\n") + rows("c %s,%s\n");
    many += rows("d %s,%s\n");

    CheckReport report = check("text,label\n" + many + "\"open,odd\n", Reading.USUAL);

    assertThat(the(report, Kind.MALFORMED_ROWS).message()).contains("1 of 101 rows");
    assertThatThrownBy(() -> check("text,label\na,x\n\"open,x\n", Reading.USUAL))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.csv line 3: not CSV");
  }

  @Test
  void shouldTellLongTextsAndTextsInAnotherLanguage() throws IOException {
    CheckReport report =
        check(
            "text,label\n"
                + rows("%s,%s\n")
                + "word ".repeat(30)
                + ",odd\n"
                + "股票市場上漲縣鎮鱷魚躍過龍門,even\n",
            Reading.USUAL);

    assertThat(the(report, Kind.TRUNCATED).message()).contains("1 of 22 texts (4.5 %)");
    assertThat(kinds(report)).contains(Kind.UNKNOWN_WORDS);
  }

  @Test
  void shouldWarnOfClassesOfVeryDifferentSize() throws IOException {
    String large =
        IntStream.range(0, 100)
            .mapToObj(i -> "large %d,ham\n".formatted(i))
            .collect(Collectors.joining());
    String small =
        IntStream.range(0, 10)
            .mapToObj(i -> "small %d,spam\n".formatted(i))
            .collect(Collectors.joining());

    assertThat(the(check("text,label\n" + large + small, Reading.USUAL), Kind.IMBALANCE).message())
        .contains("ham has 10 times the rows of spam (100 to 10)");
  }

  @Test
  void shouldGiveLabelsNamesAndPartsOfThem() throws IOException {
    LabelRules coarse =
        new LabelRules(
            List.of(),
            Map.of("even", "gerade", "*", "rest"),
            Optional.of(Pattern.compile("^[^:]+")),
            Set.of(),
            Optional.empty());

    CheckReport report = check("text,label\n" + rows("%s,%s:fine\n"), reading(coarse));

    assertThat(report.labels()).containsExactly("gerade", "rest");
  }
}
