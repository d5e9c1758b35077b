package io.dimee.analytics;

import java.util.List;

/** Takes a result, row by row. */
public interface ResultPrinter {
  /** Hears of the columns, once, first. */
  void begin(List<ResultColumn> columns);

  /**
   * Takes a row.
   *
   * @param values in the columns' order: null, Boolean, Number, String, java.time, byte[], List, or
   *     Map with the fields or entries in their order
   * @return whether it wants more
   */
  boolean row(List<Object> values);

  /** Hears that there are no more rows, or that it wanted no more. */
  void end();
}
