package io.dimee.calibration.fit;

/** Told how far a long computation is. */
public interface TrainingProgress {
  /**
   * Work begins.
   *
   * @param total steps in all
   * @param done steps that an earlier run has done
   */
  void start(long total, long done);

  /**
   * A step is done.
   *
   * @param done steps done so far
   * @param loss smoothed loss, or NaN where there is none
   */
  void step(long done, double loss);

  /** Work is done. */
  void end();
}
