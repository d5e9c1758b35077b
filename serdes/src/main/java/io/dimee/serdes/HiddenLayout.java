package io.dimee.serdes;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * How the values of a matrix [tokens, hidden] lie in the bytes of a hidden state.
 *
 * <p>A layout trusts its arguments: {@link HiddenCodec} has checked shapes, ranges and lengths
 * before it asks one. Byte buffers are little-endian and begin at index 0; all access is absolute.
 */
interface HiddenLayout {
  /**
   * Returns the bytes of a matrix.
   *
   * @param tokens rows, at least 1
   * @param hidden columns, at least 1; tokens * hidden fits an int
   */
  long size(int tokens, int hidden);

  /** Returns the largest magnitude that can be written. */
  float largest();

  /** Writes the matrix that lies in source from offset on; no magnitude exceeds the largest. */
  void write(FloatBuffer source, int offset, int tokens, int hidden, ByteBuffer target);

  /**
   * Checks that every value is one that {@link #write} can have written.
   *
   * @throws CorruptHiddenStateException when one is not
   */
  void check(ByteBuffer source, int tokens, int hidden);

  /** Reads checked bytes into target from offset on; every value that it writes is finite. */
  void read(ByteBuffer source, int tokens, int hidden, FloatBuffer target, int offset);
}
