package io.dimee.inference.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Direct buffers that ONNX Runtime reads and writes in place, reused from batch to batch and grown
 * when one is larger than all before. One thread at a time.
 */
public final class BatchBuffers {
  private IntBuffer ids = ints(0);
  private IntBuffer types = ints(0);
  private IntBuffer mask = ints(0);
  private FloatBuffer pooling = floats(0);
  private FloatBuffer input = floats(0);
  private FloatBuffer output = floats(0);
  private FloatBuffer logits = floats(0);

  /** Makes room for a batch. */
  public void reserve(int cells, int hidden, int rows, int classes) {
    if (mask.capacity() < cells) {
      ids = ints(cells);
      types = ints(cells);
      mask = ints(cells);
      pooling = floats(cells * Pooling.BY_TEXT.means());
      input = floats(cells * hidden);
      output = floats(cells * hidden);
    }
    if (logits.capacity() < rows * classes) {
      logits = floats(rows * classes);
    }
  }

  /** Token ids; [rows, width]. */
  public IntBuffer ids(int size) {
    return ids.slice(0, size);
  }

  /** 0 for tokens of the first text, 1 for those of the second; [rows, width]. */
  public IntBuffer types(int size) {
    return types.slice(0, size);
  }

  /** 1 for tokens, 0 for padding; [rows, width]. */
  public IntBuffer mask(int size) {
    return mask.slice(0, size);
  }

  /** What each mean takes of each token; [rows, means, width]. */
  public FloatBuffer pooling(int size) {
    return pooling.slice(0, size);
  }

  /** Hidden states that a segment reads; [rows, width, hidden]. */
  public FloatBuffer input(int size) {
    return input.slice(0, size);
  }

  /** Hidden states that a segment writes; [rows, width, hidden]. */
  public FloatBuffer output(int size) {
    return output.slice(0, size);
  }

  /** The exit's logits; [rows, classes]. */
  public FloatBuffer logits(int size) {
    return logits.slice(0, size);
  }

  /** A buffer in native memory, in the order of this machine. */
  public static FloatBuffer floats(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static IntBuffer ints(int size) {
    return ByteBuffer.allocateDirect(size * Integer.BYTES)
        .order(ByteOrder.nativeOrder())
        .asIntBuffer();
  }
}
