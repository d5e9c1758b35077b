package io.dimee.training;

import io.dimee.calibration.data.DataException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.dimee.inference.bundle.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parameters that share a learning rate, in one flat tensor: one gradient, one norm, one update and
 * one checkpoint entry instead of hundreds. The named parameters are views that {@code split} makes
 * for each step; its backward is a single concatenation.
 */
final class ParameterGroup {
  private final String name;
  private final Map<String, Shape> shapes;
  private final NDArray values;
  private final NDArray mean;
  private final NDArray variance;
  private final double learningRate;
  private final double weightDecay;

  ParameterGroup(
      NDManager manager,
      String name,
      Map<String, Tensor> initial,
      double learningRate,
      double weightDecay) {
    this.name = name;
    this.learningRate = learningRate;
    this.weightDecay = weightDecay;
    this.shapes = new LinkedHashMap<>();
    int size = 0;
    for (Map.Entry<String, Tensor> entry : initial.entrySet()) {
      shapes.put(entry.getKey(), NdTensors.shape(entry.getValue()));
      size += entry.getValue().values().remaining();
    }
    float[] flat = new float[size];
    int offset = 0;
    for (Tensor tensor : initial.values()) {
      int length = tensor.values().remaining();
      tensor.values().get(tensor.values().position(), flat, offset, length);
      offset += length;
    }
    // a copy in native memory: an update in place must not write to a Java buffer
    try (NDArray java = manager.create(flat)) {
      this.values = java.duplicate();
    }
    this.mean = manager.zeros(values.getShape());
    this.variance = manager.zeros(values.getShape());
    values.setRequiresGradient(true);
  }

  /** Puts named views of the parameters into a map; they belong to the given manager. */
  void views(NDManager manager, Map<String, NDArray> into) {
    long[] ends = new long[shapes.size() - 1];
    long end = 0;
    int i = 0;
    for (Shape shape : shapes.values()) {
      end += shape.size();
      if (i < ends.length) {
        ends[i++] = end;
      }
    }
    NDList parts = values.split(ends, 0);
    parts.attach(manager);
    int part = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      into.put(entry.getKey(), parts.get(part++).reshape(entry.getValue()));
    }
  }

  /** Squared norm of the gradient. */
  double squaredGradientNorm() {
    try (PtNDArray gradient = JniUtils.getGradient((PtNDArray) values);
        NDArray squares = gradient.square();
        NDArray sum = squares.sum()) {
      return sum.getFloat();
    }
  }

  /**
   * One step of AdamW, and clears the gradient.
   *
   * @param scale factor on the gradient, for clipping by norm
   * @param schedule factor on the learning rate
   * @param step number of the step, from 1, for Adam's bias correction
   */
  void update(double scale, double schedule, int step) {
    double rate = learningRate * schedule;
    double corrected =
        rate * Math.sqrt(1 - Math.pow(AdamW.BETA2, step)) / (1 - Math.pow(AdamW.BETA1, step));
    try (PtNDArray gradient = JniUtils.getGradient((PtNDArray) values)) {
      JniUtils.adamUpdate(
          (PtNDArray) values,
          gradient,
          (PtNDArray) mean,
          (PtNDArray) variance,
          (float) rate,
          (float) corrected,
          (float) weightDecay,
          (float) scale,
          AdamW.NO_VALUE_CLIP,
          AdamW.BETA1,
          AdamW.BETA2,
          AdamW.EPSILON,
          true);
    }
    JniUtils.zeroGrad((PtNDArray) values);
  }

  /** Copies parameters and optimizer state out, under names that begin with the group's. */
  void save(Map<String, Tensor> into) {
    into.put(name + ".values", copy(values));
    into.put(name + ".mean", copy(mean));
    into.put(name + ".variance", copy(variance));
  }

  /** Puts back what {@link #save} copied out. */
  void restore(NDManager manager, Map<String, Tensor> from) {
    set(manager, values, from, ".values");
    set(manager, mean, from, ".mean");
    set(manager, variance, from, ".variance");
  }

  private static Tensor copy(NDArray array) {
    float[] copy = array.toFloatArray();
    return Tensor.of(copy, copy.length);
  }

  private void set(NDManager manager, NDArray target, Map<String, Tensor> from, String part) {
    Tensor source = from.get(name + part);
    if (source == null || source.values().remaining() != target.size()) {
      throw new DataException(
          "the checkpoint has no tensor %s%s of %d values".formatted(name, part, target.size()));
    }
    try (NDArray java = manager.create(source.toArray())) {
      target.set(new NDIndex(":"), java);
    }
  }

  /** The parameters by name. */
  Map<String, Tensor> tensors() {
    float[] flat = values.toFloatArray();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      int length = (int) entry.getValue().size();
      float[] part = new float[length];
      System.arraycopy(flat, offset, part, 0, length);
      offset += length;
      int[] shape = new int[entry.getValue().dimension()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = (int) entry.getValue().get(i);
      }
      tensors.put(entry.getKey(), Tensor.of(part, shape));
    }
    return tensors;
  }
}
