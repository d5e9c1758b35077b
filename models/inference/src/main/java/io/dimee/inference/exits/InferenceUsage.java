package io.dimee.inference.exits;

/**
 * What a model has run so far.
 *
 * @param runs of one segment on one batch
 * @param tokens tokens in them, padding left out
 * @param padding places in them that hold none
 * @param seconds wall time in ONNX Runtime
 */
public record InferenceUsage(long runs, long tokens, long padding, double seconds) {
  static final InferenceUsage NONE = new InferenceUsage(0, 0, 0, 0);

  InferenceUsage plusRun(long moreTokens, long morePadding, double moreSeconds) {
    return new InferenceUsage(
        runs + 1, tokens + moreTokens, padding + morePadding, seconds + moreSeconds);
  }
}
