package io.dimee.inference.exits;

import java.nio.FloatBuffer;

/**
 * Takes a hidden state from a batch's output, which is overwritten afterwards.
 *
 * @param <H> what it becomes
 */
@FunctionalInterface
public interface HiddenStateWriter<H> {
  /**
   * Reads the matrix [tokens, hidden], row-major.
   *
   * @param source a direct buffer; the matrix begins at offset
   */
  H write(FloatBuffer source, int offset, int tokens, int hidden);
}
