package io.dimee.inference.bundle;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A dense fp32 tensor, row-major. The buffer's content is shared, not copied: treat it as
 * read-only.
 *
 * @param shape extents, outermost first
 * @param values exactly as many values as the shape holds, from position 0 to the limit
 */
@SuppressWarnings("ArrayRecordComponent") // identity of the array is never compared
public record Tensor(int[] shape, FloatBuffer values) {
  /** Checks that shape and values agree. */
  public Tensor {
    long size = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException("negative extent in shape " + Arrays.toString(shape));
      }
      size = Math.multiplyExact(size, (long) extent);
    }
    if (size != values.remaining()) {
      throw new IllegalArgumentException(
          "shape %s holds %d values, but %d were given"
              .formatted(Arrays.toString(shape), size, values.remaining()));
    }
  }

  /** Wraps an array. */
  public static Tensor of(float[] values, int... shape) {
    return new Tensor(shape, FloatBuffer.wrap(values));
  }

  /** Copies the values out. */
  public float[] toArray() {
    float[] copy = new float[values.remaining()];
    values.get(values.position(), copy);
    return copy;
  }

  /** Fails unless the tensor has this shape. */
  public Tensor requireShape(String name, int... expected) {
    if (!Arrays.equals(shape, expected)) {
      throw new InvalidBundleException(
          "tensor %s has shape %s, expected %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(expected)));
    }
    return this;
  }
}
