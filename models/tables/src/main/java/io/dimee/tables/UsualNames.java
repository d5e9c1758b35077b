package io.dimee.tables;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Names that columns of labelled texts usually have, in any case. */
public final class UsualNames {
  /** Of the text. */
  public static final List<String> TEXTS = List.of("text", "sentence", "content", "review", "body");

  /** Of the two texts of a pair. */
  public static final List<List<String>> PAIRS =
      List.of(
          List.of("#1 string", "#2 string"),
          List.of("sentence1", "sentence2"),
          List.of("question1", "question2"),
          List.of("question", "sentence"),
          List.of("premise", "hypothesis"),
          List.of("text", "text_pair"));

  /** Of the label. */
  public static final List<String> LABELS =
      List.of("label", "target", "class", "category", "intent", "gold_label", "is_duplicate");

  /** Of the split that a row belongs to. */
  public static final String SPLIT = "split";

  /** Between texts of several columns, as between title and body of a letter. */
  public static final String BETWEEN_TEXTS = "\n";

  private static final int NAMES_SHOWN = 30;
  private static final int NAME_CHARS = 40;

  private UsualNames() {}

  /** A name without what it does not differ in. */
  public static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Places of the columns that a user may mean: the one of exactly this name, else all that differ
   * from it in what does not count.
   */
  public static List<Integer> places(List<String> header, String name) {
    int exact = header.indexOf(name);
    return exact >= 0
        ? List.of(exact)
        : IntStream.range(0, header.size())
            .filter(i -> plain(header.get(i)).equals(plain(name)))
            .boxed()
            .toList();
  }

  /** Names as a sentence lists them. */
  public static String oneOf(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** A header in one line, whatever somebody wrote there. */
  public static String shown(List<String> header) {
    String names =
        header.stream()
            .limit(NAMES_SHOWN)
            .map(name -> name.length() > NAME_CHARS ? name.substring(0, NAME_CHARS) + "..." : name)
            .map(name -> name.replaceAll("\\p{Cntrl}", "?"))
            .collect(Collectors.joining(", "));
    return header.size() > NAMES_SHOWN ? names + ", ..." : names;
  }
}
