package io.dimee.console;

import io.dimee.avro.DeadLetter;
import java.io.PrintWriter;

/** Says of the first dead letters of a run why they are ones. */
public final class LetterLines {
  private static final int SHOWN = 5;

  private final PrintWriter err;
  private int count;

  /** Shows none yet. */
  public LetterLines(PrintWriter err) {
    this.err = err;
  }

  /** Shows a dead letter, if it is among the first. */
  public void show(DeadLetter letter) {
    if (count++ < SHOWN) {
      err.printf(
          "dead letter %s: %s: %s%n", letter.getEventId(), letter.getReason(), letter.getMessage());
    }
  }
}
