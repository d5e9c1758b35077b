package io.dimee.calibration.fit;

/** Told how far a long computation is. */
public interface TrainingProgress {
  /** Tells nobody. */
  TrainingProgress NONE =
      new TrainingProgress() {
        @Override
        public void start(long total, long done) {
          // nobody asks
        }

        @Override
        public void step(long done, double loss) {
          // nobody asks
        }

        @Override
        public void end() {
          // nobody asks
        }
      };

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
