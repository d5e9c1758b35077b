package io.dimee.calibration.data;

import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import java.util.List;

/** A labelled text in tokens. */
public record EncodedExample(TokenizedText text, int label) {
  /** Number of tokens, special tokens included. */
  public int tokens() {
    return text.ids().length;
  }

  /** Tokenizes examples. */
  public static List<EncodedExample> encode(TextTokenizer tokenizer, List<Example> examples) {
    return examples.stream()
        .map(e -> new EncodedExample(tokenizer.tokenize(e.text(), e.pair()), e.label()))
        .toList();
  }
}
