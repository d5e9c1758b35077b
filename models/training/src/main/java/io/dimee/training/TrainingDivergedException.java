package io.dimee.training;

/** Loss or gradient is no longer a number; the last checkpoint is untouched. */
public final class TrainingDivergedException extends RuntimeException {
  /** Creates the exception. */
  public TrainingDivergedException(String what, int step) {
    super("training diverged at step %d: %s; try a lower learning rate".formatted(step, what));
  }
}
