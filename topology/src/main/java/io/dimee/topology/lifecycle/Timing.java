package io.dimee.topology.lifecycle;

import java.time.Duration;

/** Time as a worker's retries see it; tests have one of their own. */
public interface Timing {
  /** The machine's. */
  Timing SYSTEM =
      new Timing() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration time) throws InterruptedException {
          Thread.sleep(time.toMillis());
        }
      };

  /** A clock that never goes back, in nanoseconds. */
  long nanoTime();

  /** Does nothing for a while. */
  void sleep(Duration time) throws InterruptedException;
}
