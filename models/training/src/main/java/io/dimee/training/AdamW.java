package io.dimee.training;

import java.util.List;

/**
 * AdamW (arXiv 1711.05101) with linear warm-up, linear decay, and clipping by the norm of all
 * gradients.
 */
final class AdamW {
  static final float BETA1 = 0.9f;
  static final float BETA2 = 0.999f;
  static final float EPSILON = 1e-8f;

  /** Tells the native update not to clip single values. */
  static final float NO_VALUE_CLIP = -1f;

  private final List<ParameterGroup> groups;
  private final double clip;
  private final double warmUpSteps;
  private int steps;

  AdamW(List<ParameterGroup> groups, double clip, double warmUp, int steps) {
    this.groups = groups;
    this.clip = clip;
    this.warmUpSteps = Math.max(1, warmUp * steps);
    this.steps = steps;
  }

  /** Lets the learning rate reach 0 earlier than was planned. */
  void endAt(int earlier) {
    steps = earlier;
  }

  /** Factor on the learning rates at a step, counted from 1. */
  double schedule(int step) {
    return step <= warmUpSteps
        ? step / warmUpSteps
        : Math.max(0, (steps - step) / Math.max(1, steps - warmUpSteps));
  }

  /**
   * Updates all parameters from their gradients.
   *
   * @throws TrainingDivergedException when a gradient is not a number
   */
  void step(int step) {
    double squared = 0;
    for (ParameterGroup group : groups) {
      squared += group.squaredGradientNorm();
    }
    double norm = Math.sqrt(squared);
    if (!Double.isFinite(norm)) {
      throw new TrainingDivergedException("the gradient's norm is " + norm, step);
    }
    double scale = norm > clip ? clip / norm : 1;
    for (ParameterGroup group : groups) {
      group.update(scale, schedule(step), step);
    }
  }
}
