package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.dimee.inference.bundle.Tensor;
import java.util.Arrays;

/** Tensors of files as arrays of the training engine. */
final class NdTensors {
  private NdTensors() {}

  /** The shape of a tensor. */
  static Shape shape(Tensor tensor) {
    return new Shape(Arrays.stream(tensor.shape()).asLongStream().toArray());
  }

  /** Copies a tensor; the array belongs to the manager. */
  static NDArray array(NDManager manager, Tensor tensor) {
    return manager.create(tensor.values().duplicate(), shape(tensor));
  }
}
