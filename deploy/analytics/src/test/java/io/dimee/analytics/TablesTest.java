package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
  private final Tables tables = new Tables(View.load());

  private List<String> mentionedIn(String sql) {
    return tables.mentionedIn(sql).stream().map(TopicTable::name).toList();
  }

  @Test
  void shouldFindTablesByWordInAnyCase() {
    assertThat(mentionedIn("SELECT * FROM Predictions JOIN\n\"EVENTS\" USING (id)"))
        .containsExactly("predictions", "events");
    assertThat(mentionedIn("SELECT my_predictions, eventsource")).isEmpty();
  }

  @Test
  void shouldFindWhatViewsStandOn() {
    assertThat(mentionedIn("FROM pool_drift")).containsExactly("predictions");
    assertThat(mentionedIn("FROM dead_letter_reasons")).containsExactly("dead_letters");
  }

  @Test
  void shouldFindWhatViewsOfViewsStandOn() {
    // Given
    Tables stacked =
        new Tables(
            View.parse(
                """
                -- one
                CREATE VIEW lower AS SELECT * FROM ledger;
                -- two
                -- lines
                CREATE VIEW upper AS SELECT * FROM lower;
                """));

    // Then
    assertThat(stacked.mentionedIn("FROM upper"))
        .extracting(TopicTable::name)
        .containsExactly("ledger");
    assertThat(stacked.views()).extracting(View::doc).containsExactly("one", "two lines");
  }

  @Test
  void shouldDocumentEveryViewInALine() {
    assertThat(tables.views())
        .extracting(View::name)
        .containsExactly("savings", "accuracy", "expensive", "pool_drift", "dead_letter_reasons");
    assertThat(tables.views()).allSatisfy(view -> assertThat(view.doc()).isNotBlank());
  }
}
