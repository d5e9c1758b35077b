package io.dimee.calibration.fit;

/** Whether words alone may answer, at depth 0. */
public enum WordsUse {
  /** Never. */
  OFF,
  /** Where that lowers the cost within the target. */
  AUTO,
  /** Always: no layer is run for any event. */
  ONLY
}
