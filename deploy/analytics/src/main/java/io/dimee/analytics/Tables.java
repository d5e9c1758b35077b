package io.dimee.analytics;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What SQL sees: the topics as tables, and views over them. */
final class Tables {
  private static final Pattern WORD = Pattern.compile("\\w+");

  private final List<TopicTable<?>> topics =
      List.of(new PredictionTable(), new EventTable(), new DeadLetterTable(), new LedgerTable());
  private final List<View> views;

  /** Takes views over the topics and over each other. */
  Tables(List<View> views) {
    this.views = List.copyOf(views);
  }

  /** All topics. */
  List<TopicTable<?>> topics() {
    return topics;
  }

  /** All views, those that others need first. */
  List<View> views() {
    return views;
  }

  /**
   * The topics that a text may be about. A word that is a table's name counts wherever it stands: a
   * topic that is read for nothing costs time, one that is left out falsifies the answer.
   */
  List<TopicTable<?>> mentionedIn(String sql) {
    Set<String> words = words(sql);
    // a view may stand on views that come before it
    for (int i = views.size() - 1; i >= 0; i--) {
      if (words.contains(views.get(i).name())) {
        words.addAll(words(views.get(i).sql()));
      }
    }
    return topics.stream().filter(table -> words.contains(table.name())).toList();
  }

  private static Set<String> words(String sql) {
    Set<String> words = new TreeSet<>();
    WORD.matcher(sql)
        .results()
        .map(MatchResult::group)
        .forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
    return words;
  }
}
