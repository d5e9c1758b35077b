package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  @Test
  void shouldTellStatementsApart() {
    assertThat(Statements.of("SELECT 1;\n\nSET x = ';';FROM t -- the end; of it\n"))
        .containsExactly("SELECT 1", "\n\nSET x = ';'", "FROM t -- the end; of it\n");
  }

  @Test
  void shouldLeaveOutWhatHoldsNone() {
    assertThat(Statements.of(";; SELECT 1; -- nothing;\n /* more; */ ;\n"))
        .containsExactly(" SELECT 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'a;b', \"c;d\", 'it''s;'",
        "SELECT $$a;b$$ || $tag$ $$;$$ $tag$",
        "SELECT E'it\\'s; one', e'\\\\', DATE'2026-11-20'",
        "SELECT 1 /* a; b */ + 2 -- c;",
        "SELECT 'open; quote",
        "SELECT 'type\\', 'a;b'",
        "-- nothing",
        ""
      })
  void shouldSplitNothingWithinTextsNamesAndComments(String sql) {
    assertThat(Statements.of(sql)).containsExactly(sql);
  }

  @Test
  void shouldTakeLongTexts() {
    String sql = "SELECT '" + "it''s;".repeat(100_000) + "'";

    assertThat(Statements.of(sql + ";")).containsExactly(sql);
  }
}
