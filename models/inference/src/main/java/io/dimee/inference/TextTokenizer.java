package io.dimee.inference;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

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

  private TextTokenizer(HuggingFaceTokenizer tokenizer, int maxChars) {
    this.tokenizer = tokenizer;
    this.maxChars = maxChars;
  }

  /**
   * Loads the tokenizer.
   *
   * @param backbone one of {@link Backbone#NAMES}
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
            Integer.toString(Backbone.ARCHITECTURE.positions()));
    try {
      return new TextTokenizer(
          Djl.tokenizer(Backbone.tokenizerJson(backbone), options), maxTokens * CHARS_PER_TOKEN);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load the tokenizer of " + backbone, e);
    }
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
