package io.dimee.inference.exits;

import java.nio.FloatBuffer;

/** A hidden state that can be written into a batch's input. */
@FunctionalInterface
public interface HiddenStateReader {
  /**
   * Writes the matrix [tokens, hidden], row-major.
   *
   * @param target a direct buffer; only its values from offset on are written
   * @throws RuntimeException when the hidden state is damaged; the work then fails alone
   */
  void read(FloatBuffer target, int offset);
}
