package io.dimee.calibration.data;

import java.util.List;

/** A labelled data set: what it is called, what its labels mean, and how its rows are divided. */
public interface DataSet {
  /** Name, which a bundle records. */
  String name();

  /** Class names, in the order of the class indices. */
  List<String> labels();

  /** Whether each row has two texts. */
  boolean isPair();

  /** What it is ranked by. */
  Score score();

  /** Whether F1 of class 1 is reported too. */
  boolean hasF1();

  /** Where its training rows are, as messages say it. */
  String place();

  /**
   * Reads and divides its rows; the same numbers give the same rows.
   *
   * @param heldOut rows to calibrate on
   * @param seed of the choice of those rows
   * @throws DataException naming file and line of what cannot be used
   */
  TaskData rows(int heldOut, long seed);

  /**
   * Makes sure that there is something to tell apart.
   *
   * @throws DataException when all rows to train on, or all to calibrate on, have one label
   */
  void requireSeveralClasses(TaskData rows);
}
