package io.dimee.inference.exits;

import io.dimee.inference.bundle.ExitReading;
import java.util.List;

/**
 * What a run did for one piece of work.
 *
 * @param <H> form of a hidden state that leaves the run
 */
public sealed interface Outcome<H> {
  /**
   * What the run spent.
   *
   * @param readings exits that were evaluated, shallowest first
   * @param toDepth encoder layers applied at the end
   * @param computeMs sum over its batches of wall time divided by the batch's size; milliseconds
   * @param batchSize works in its first batch
   */
  record Effort(List<ExitReading> readings, int toDepth, double computeMs, int batchSize) {}

  /** An exit answered: the last of the readings. */
  record Answered<H>(Effort effort) implements Outcome<H> {
    /** The answer. */
    public ExitReading answer() {
      return effort.readings().get(effort.readings().size() - 1);
    }
  }

  /** No exit was confident enough and layers remain that this engine has not. */
  record Unfinished<H>(Effort effort, H hiddenState) implements Outcome<H> {}

  /** The work could not be run; the others of its batch were. */
  record Failed<H>(RuntimeException cause) implements Outcome<H> {}
}
