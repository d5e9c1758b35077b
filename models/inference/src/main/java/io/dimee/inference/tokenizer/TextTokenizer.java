package io.dimee.inference.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** A backbone's WordPiece tokenizer; safe for use by several threads until it is closed. */
public final class TextTokenizer implements AutoCloseable {
  /**
   * Characters of a text that are looked at, per token of the limit. What a longer text holds
   * beyond them would be cut anyway, unless its words average more than this; without the bound one
   * event of a megabyte would hold up its partition.
   */
  private static final int CHARS_PER_TOKEN = 64;

  /**
   * What {@link HuggingFaceTokenizer#encode} calls, too, but it fetches every token as a string
   * with its place in the text, which takes longer than the tokens themselves.
   */
  private static final TokenizersLibrary LIBRARY = Djl.tokenizersLibrary();

  private final HuggingFaceTokenizer tokenizer;
  private final int maxChars;

  /** Ids that stand for no word: what surrounds every text, and what the vocabulary lacks. */
  private final Set<Integer> special;

  private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxChars, Set<Integer> special) {
    this.tokenizer = tokenizer;
    this.maxChars = maxChars;
    this.special = special;
  }

  /**
   * Loads the tokenizer.
   *
   * @param backbone whose files are on the class path
   * @param maxTokens longest result, special tokens included; of a pair, the longer text is cut
   *     first
   */
  public static TextTokenizer load(String backbone, int maxTokens) {
    Map<String, String> options =
        Map.of(
            "padding",
            "false",
            "truncation",
            "true",
            "maxLength",
            Integer.toString(maxTokens),
            "modelMaxLength",
            Integer.toString(maxTokens));
    byte[] json = Backbone.tokenizerJson(backbone);
    try {
      Set<Integer> special = special(json);
      return new TextTokenizer(Djl.tokenizer(json, options), maxTokens * CHARS_PER_TOKEN, special);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load the tokenizer of " + backbone, e);
    }
  }

  private static Set<Integer> special(byte[] tokenizerJson) throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (JsonNode token : new ObjectMapper().readTree(tokenizerJson).get("added_tokens")) {
      if (token.get("special").asBoolean()) {
        ids.add(token.get("id").asInt());
      }
    }
    return Set.copyOf(ids);
  }

  /** Loads the tokenizer that a bundle's texts go through. */
  public static TextTokenizer of(Bundle bundle) {
    return load(bundle.manifest().backbone().name(), bundle.manifest().maxTokens());
  }

  /**
   * Tokenizes a text.
   *
   * @param pair the second text, or null
   */
  public TokenizedText tokenize(String text, String pair) {
    String first = head(text);
    String second = pair == null ? null : head(pair);
    boolean shortened =
        first.length() < text.strip().length()
            || (pair != null && second.length() < pair.strip().length());
    long encoding =
        second == null
            ? LIBRARY.encode(tokenizer.getHandle(), first, true)
            : LIBRARY.encodeDual(tokenizer.getHandle(), first, second, true);
    try {
      int[] ids = narrow(LIBRARY.getTokenIds(encoding));
      int pairStart = second == null ? ids.length : pairStart(LIBRARY.getTypeIds(encoding));
      return new TokenizedText(ids, pairStart, shortened || LIBRARY.getOverflowCount(encoding) > 0);
    } finally {
      LIBRARY.deleteEncoding(encoding);
    }
  }

  /**
   * Whether there are tokens besides the special ones. Of spaces, control characters, lone marks
   * and U+FFFD the tokenizer leaves nothing; of what its vocabulary lacks, such as most emoji,
   * {@code [UNK]}. Either way the model would answer without having seen a word.
   *
   * @param from first token that is looked at
   * @param to the one after the last
   */
  public boolean hasWordPiece(TokenizedText text, int from, int to) {
    return IntStream.range(from, to).anyMatch(i -> !special.contains(text.ids()[i]));
  }

  private static int[] narrow(long[] ids) {
    int[] narrow = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      narrow[i] = (int) ids[i];
    }
    return narrow;
  }

  private static int pairStart(long[] types) {
    int start = 0;
    while (start < types.length && types[start] == 0) {
      start++;
    }
    return start;
  }

  private String head(String text) {
    String stripped = text.strip();
    if (stripped.length() <= maxChars) {
      return stripped;
    }
    int end = Character.isHighSurrogate(stripped.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
    return stripped.substring(0, end);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
