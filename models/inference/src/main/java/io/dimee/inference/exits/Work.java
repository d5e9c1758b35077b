package io.dimee.inference.exits;

import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.tokenizer.TokenizedText;

/**
 * One event's inference, from where an earlier tier left it.
 *
 * @param encoder shape of the encoder that runs it, which its tokens must fit
 * @param text token ids
 * @param depth encoder layers applied so far
 * @param hiddenState writes the hidden state at that depth; null exactly at depth 0
 * @param minExitDepth exits shallower than this are not asked
 * @param maxExitDepth the exit at this depth answers whatever its confidence
 * @param words scores of the classifier of words alone; [classes]; null where it was not asked
 */
@SuppressWarnings("ArrayRecordComponent") // read on a hot path; never compared
public record Work(
    Architecture encoder,
    TokenizedText text,
    int depth,
    HiddenStateReader hiddenState,
    int minExitDepth,
    int maxExitDepth,
    float[] words) {
  /** A work of which words alone have said nothing. */
  public Work(
      Architecture encoder,
      TokenizedText text,
      int depth,
      HiddenStateReader hiddenState,
      int minExitDepth,
      int maxExitDepth) {
    this(encoder, text, depth, hiddenState, minExitDepth, maxExitDepth, null);
  }

  /** Checks that the parts agree. */
  public Work {
    int tokens = text.ids().length;
    require(tokens >= 1 && tokens <= encoder.positions(), "number of tokens", tokens);
    require(text.pairStart() >= 0 && text.pairStart() <= tokens, "pair start", text.pairStart());
    for (int id : text.ids()) {
      require(id >= 0 && id < encoder.vocabulary(), "token id", id);
    }
    require((depth == 0) == (hiddenState == null), "hidden state at depth", depth);
    require(depth >= 0 && depth < maxExitDepth, "depth", depth);
    require(minExitDepth <= maxExitDepth, "minimal exit depth", minExitDepth);
  }

  private static void require(boolean holds, String what, int value) {
    if (!holds) {
      throw new IllegalArgumentException("%s is %d, which is out of range".formatted(what, value));
    }
  }

  int tokens() {
    return text.ids().length;
  }
}
