package io.dimee.topology.ledger;

import java.util.Locale;

/** What a stability index means. The bounds are those in common use: 0.1 and 0.2. */
public enum DriftLevel {
  /** There is nothing to compare with: the model is not known here, or has no reference. */
  NO_REFERENCE,
  /** So few events that chance alone can pass the alarm's bound. */
  TOO_FEW,
  /** As in the reference, or within chance of it. */
  STEADY,
  /** Worth a look. */
  WATCH,
  /** Other events than the bundle was calibrated on: its promises are void. */
  ALARM;

  /** Index from which on events are watched. */
  public static final double WATCH_FROM = 0.1;

  /** Index from which on there is an alarm. */
  public static final double ALARM_FROM = 0.2;

  /** Level of an index; what chance may do is never taken for drift. */
  static DriftLevel of(StabilityIndex index) {
    if (index.value() >= Math.max(ALARM_FROM, index.noise())) {
      return ALARM;
    }
    if (index.noise() > ALARM_FROM) {
      return TOO_FEW;
    }
    return index.value() >= Math.max(WATCH_FROM, index.noise()) ? WATCH : STEADY;
  }

  /** Name in JSON and metrics. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
