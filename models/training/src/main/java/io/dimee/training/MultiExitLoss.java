package io.dimee.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;

/**
 * Sum over exits i of w_i * CE_i, divided by the sum of w_i and the batch size, with w_i = i to a
 * power: 1 is DIMEE's and DeeBERT's choice. An earlier exit's target is a mixture of the label and
 * what the last exit says (self-distillation, arXiv 1905.08094); the last exit's is the label. Rows
 * of some classes may count more than those of others.
 */
final class MultiExitLoss {
  private final NDArray negativeWeights;
  private final NDArray teacherShare;
  private final NDArray labelShare;
  private final NDArray classWeights;
  private final int layers;

  /**
   * Prepares a loss.
   *
   * @param classWeights what a row of each class counts, or empty where all count alike; [classes]
   */
  MultiExitLoss(NDManager manager, int layers, TrainingOptions options, List<Double> classWeights) {
    int batchSize = options.batchSize();
    double depthWeight = options.depthWeight();
    double distillation = options.distillation();
    this.layers = layers;
    float[] ofClasses = new float[classWeights.size()];
    for (int i = 0; i < ofClasses.length; i++) {
      ofClasses[i] = classWeights.get(i).floatValue();
    }
    this.classWeights =
        ofClasses.length == 0 ? null : manager.create(ofClasses, new Shape(1, 1, ofClasses.length));
    float[] weights = new float[layers];
    float[] teacher = new float[layers];
    float[] label = new float[layers];
    double sum = 0;
    for (int i = 0; i < layers; i++) {
      sum += Math.pow(i + 1, depthWeight);
    }
    for (int i = 0; i < layers; i++) {
      weights[i] = (float) (-Math.pow(i + 1, depthWeight) / sum / batchSize);
      teacher[i] = i == layers - 1 ? 0 : (float) distillation;
      label[i] = 1 - teacher[i];
    }
    Shape shape = new Shape(layers, 1, 1);
    this.negativeWeights = manager.create(weights, shape);
    this.teacherShare = manager.create(teacher, shape);
    this.labelShare = manager.create(label, shape);
  }

  /**
   * Computes the loss; call it with gradients switched on.
   *
   * @param logits [layers, batch, classes]
   * @param labels one-hot; [1, batch, classes]
   * @return a scalar
   */
  NDArray of(NDArray logits, NDArray labels) {
    JniUtils.setGradMode(false);
    NDArray teacher = logits.get(layers - 1).softmax(-1).expandDims(0);
    NDArray target = labels.mul(labelShare).add(teacher.mul(teacherShare)).mul(negativeWeights);
    if (classWeights != null) {
      target = target.mul(labels.mul(classWeights).sum(new int[] {-1}, true));
    }
    JniUtils.setGradMode(true);
    return logits.logSoftmax(-1).mul(target).sum();
  }
}
