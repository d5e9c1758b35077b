package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.Finding.Kind;
import io.dimee.calibration.data.Finding.Severity;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.tables.Split;
import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Data sets as their authors publish them, oddities included: each is read, or refused with the
 * reason. Skipped unless they lie in a folder {@code own} beside the one that {@code DIMEE_DATA}
 * names; {@link DataCheckTest} has small twins of what is odd about them.
 */
class PublishedDataTest {
  private static final TableFile.Layout LABEL_FIRST =
      new TableFile.Layout(Optional.of(TableFormat.fasttext), true, "");

  private static Path own;
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void find() {
    String data = System.getenv("DIMEE_DATA");
    Assumptions.assumeThat(data).as("DIMEE_DATA names a folder beside own").isNotNull();
    own = Path.of(data).resolveSibling("own");
    Assumptions.assumeThat(Files.isDirectory(own)).as("%s is there", own).isTrue();
    tokenizer = TextTokenizer.load(Backbone.NAMES.get(0), 128);
  }

  @AfterAll
  static void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }

  private static CheckReport check(
      String data, TableFile.Layout layout, ColumnChoice columns, LabelRules labels) {
    DataFiles files = DataFiles.of(own.resolve(data), Optional.empty(), Optional.empty());
    return new DataCheck(Reading.of(layout, columns, labels), TableFile::open, 10, row -> {})
        .check(files, tokenizer);
  }

  private static CheckReport check(String data, ColumnChoice columns, LabelRules labels) {
    return check(data, TableFile.Layout.DEFAULT, columns, labels);
  }

  private static CheckReport check(String data, ColumnChoice columns) {
    return check(data, columns, LabelRules.NONE);
  }

  private static ColumnChoice columns(String text, String label) {
    return new ColumnChoice(
        text.isEmpty() ? List.of() : List.of(text.split(",", -1)),
        Optional.empty(),
        label.isEmpty() ? Optional.empty() : Optional.of(label));
  }

  private static List<Kind> errors(CheckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Finding::kind)
        .toList();
  }

  private static long rows(CheckReport report, Split split) {
    return report.splits().get(split).usable();
  }

  private static long found(CheckReport report, Kind kind) {
    return report.findings().stream()
        .filter(finding -> finding.kind() == kind)
        .mapToLong(Finding::rows)
        .sum();
  }

  @Test
  void shouldReadNewsWhoseTestFileHasOtherColumns() {
    CheckReport train = check("ag_news/train.csv", ColumnChoice.USUAL);

    assertThat(errors(train)).isEmpty();
    assertThat(rows(train, Split.TRAIN)).isEqualTo(8_843);
    assertThat(train.labels())
        .containsExactly("Business", "Science or Technology", "Sports", "World");
    assertThatThrownBy(() -> check("ag_news/test.csv", ColumnChoice.USUAL))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("its columns: Class Index, Title, Description");
    LabelRules codes =
        LabelRules.ofCodes(
            List.of("1", "2", "3", "4"),
            List.of("World", "Sports", "Business", "Science or Technology"));
    CheckReport test =
        check("ag_news/test.csv", columns("Title,Description", "Class Index"), codes);
    assertThat(errors(test)).isEmpty();
    assertThat(rows(test, Split.TRAIN)).isEqualTo(7_600);
  }

  @Test
  void shouldReadIntentsWithLineBreaksInCells() {
    CheckReport report = check("banking77", ColumnChoice.USUAL);

    assertThat(errors(report)).isEmpty();
    assertThat(report.labels()).hasSize(77);
    assertThat(rows(report, Split.TRAIN)).isEqualTo(10_003);
    assertThat(rows(report, Split.TEST)).isEqualTo(3_080);
    assertThat(found(report, Kind.IN_TRAIN_TOO)).isPositive();
  }

  @Test
  void shouldReadSplitsByKeyAndLeaveOutWhatIsOutOfScope() {
    LabelRules scope =
        new LabelRules(List.of(), Map.of(), Optional.empty(), Set.of(), Optional.of("oos"));

    CheckReport report = check("clinc150/data_full.json", ColumnChoice.USUAL, scope);

    assertThat(errors(report)).isEmpty();
    assertThat(report.labels()).hasSize(150);
    assertThat(rows(report, Split.TRAIN)).isEqualTo(15_000);
    assertThat(rows(report, Split.TEST)).isEqualTo(4_500);
    assertThat(report.outOfScope()).isEqualTo(1_200);
  }

  @Test
  void shouldTakeTheCoarseClassAndRefuseFineOnesWithFourRows() {
    LabelRules coarse =
        new LabelRules(
            List.of(),
            Map.of(),
            Optional.of(Pattern.compile("^[^:]+")),
            Set.of(),
            Optional.empty());

    CheckReport report = check("trec", LABEL_FIRST, ColumnChoice.USUAL, coarse);

    assertThat(errors(report)).isEmpty();
    assertThat(report.labels()).containsExactly("ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM");
    assertThat(found(report, Kind.REPLACEMENT_CHARACTERS)).isEqualTo(1);
    assertThat(errors(check("trec", LABEL_FIRST, ColumnChoice.USUAL, LabelRules.NONE)))
        .containsExactly(Kind.RARE_LABEL);
  }

  @Test
  void shouldReadMessagesWithoutHeaderAndWithUnbalancedQuotes() {
    CheckReport report = check("sms_spam/SMSSpamCollection", columns("2", "1"));

    assertThat(errors(report)).isEmpty();
    assertThat(rows(report, Split.TRAIN)).isEqualTo(5_574);
    assertThat(found(report, Kind.MALFORMED_ROWS)).isEqualTo(1);
    assertThat(found(report, Kind.DUPLICATES)).isGreaterThan(400);
  }

  @Test
  void shouldRefuseEmotionsOfWhichARowHasSeveral() {
    assertThat(errors(check("goemotions", columns("1", "2")))).containsExactly(Kind.SEVERAL_LABELS);
  }

  @Test
  void shouldReadLongTextsInTwoColumnsWithANul() {
    CheckReport report = check("github_issues", columns("title,body", ""));

    assertThat(errors(report)).isEmpty();
    assertThat(rows(report, Split.TRAIN)).isEqualTo(1_500);
    assertThat(found(report, Kind.TRUNCATED)).isGreaterThan(1_000);
    assertThat(found(report, Kind.CONTROL_CHARACTERS)).isPositive();
  }

  @Test
  void shouldReadTweetsBesideColumnsThatDoNotMatter() {
    CheckReport report = check("airline_tweets/Tweets.csv", columns("", "airline_sentiment"));

    assertThat(errors(report)).isEmpty();
    assertThat(rows(report, Split.TRAIN)).isEqualTo(14_640);
    assertThat(report.labels()).containsExactly("negative", "neutral", "positive");
    assertThatThrownBy(() -> check("airline_tweets/Tweets.csv", ColumnChoice.USUAL))
        .hasMessageContaining("--label-column");
  }

  @Test
  void shouldMakeOneClassOfAllAlerts() {
    LabelRules alerts =
        new LabelRules(
            List.of(),
            Map.of("-", "normal", "*", "alert"),
            Optional.empty(),
            Set.of(),
            Optional.empty());

    CheckReport report = check("loglines/BGL_2k.log_structured.csv", ColumnChoice.USUAL, alerts);

    assertThat(errors(report)).isEmpty();
    assertThat(report.labels()).containsExactly("alert", "normal");
    assertThat(errors(check("loglines/BGL_2k.log_structured.csv", ColumnChoice.USUAL)))
        .containsExactly(Kind.RARE_LABEL);
  }

  @Test
  void shouldRefuseTheClassOfOneRowAndTellTheOtherLanguage() {
    CheckReport report = check("toutiao_zh", ColumnChoice.USUAL);

    assertThat(errors(report)).containsExactly(Kind.RARE_LABEL);
    assertThat(found(report, Kind.UNKNOWN_WORDS)).isGreaterThan(4_000);
    LabelRules withoutStock =
        new LabelRules(List.of(), Map.of(), Optional.empty(), Set.of("stock"), Optional.empty());
    assertThat(errors(check("toutiao_zh", ColumnChoice.USUAL, withoutStock))).isEmpty();
  }
}
