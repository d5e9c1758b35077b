package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.tables.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ColumnsTest {
  private static final Row ROW = new Row(2, List.of("1", "a", "b", "x"), null);

  @Test
  void shouldFindColumnsByUsualNamesInAnyCase() {
    Columns columns =
        Columns.find("f", List.of("id", "Text ", "note", "LABEL"), ColumnChoice.USUAL);

    assertThat(columns.text(ROW)).isEqualTo("a");
    assertThat(columns.label(ROW)).isEqualTo("x");
    assertThat(columns.isPair()).isFalse();
  }

  @Test
  void shouldFindThePairsOfOtherDataSets() {
    Columns columns =
        Columns.find("f", List.of("id", "premise", "hypothesis", "label"), ColumnChoice.USUAL);

    assertThat(columns.text(ROW)).isEqualTo("a");
    assertThat(columns.pair(ROW)).isEqualTo("b");
  }

  @Test
  void shouldJoinSeveralTextsAndLeaveOutBlankOnes() {
    ColumnChoice both =
        new ColumnChoice(List.of("title", "body"), Optional.empty(), Optional.of("queue"));
    Columns columns = Columns.find("f", List.of("id", "title", "body", "queue"), both);

    assertThat(columns.text(ROW)).isEqualTo("a\nb");
    assertThat(columns.text(new Row(1, List.of("1", " ", "b", "x"), null))).isEqualTo("b");
    assertThat(columns.text(new Row(1, Arrays.asList("1", null, null, "x"), null))).isNull();
  }

  @Test
  void shouldListTheColumnsWhereOneIsMissingOrAmbiguous() {
    assertThatThrownBy(() -> Columns.find("f.csv", List.of("tweet", "label"), ColumnChoice.USUAL))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("f.csv has no column named text")
        .hasMessageContaining("--text-column")
        .hasMessageEndingWith("its columns: tweet, label");
    assertThatThrownBy(
            () -> Columns.find("f.csv", List.of("body", "review", "label"), ColumnChoice.USUAL))
        .hasMessageContaining("several columns named text");
    ColumnChoice wrong = new ColumnChoice(List.of("txt"), Optional.empty(), Optional.empty());
    assertThatThrownBy(() -> Columns.find("f.csv", List.of("text", "label"), wrong))
        .hasMessageContaining("text-column=txt: f.csv has no such column");
  }

  @Test
  void shouldShowAHeaderOfHundredsOfColumnsInOneLine() {
    List<String> header =
        IntStream.range(0, 300).mapToObj(i -> "column\n" + i + "x".repeat(100)).toList();

    assertThatThrownBy(() -> Columns.find("f.csv", header, ColumnChoice.USUAL))
        .message()
        .hasSizeLessThan(2_000)
        .doesNotContain("\n")
        .endsWith(", ...");
  }
}
