package io.dimee.topology.ledger;

/**
 * How far the events that a model answered are from those that it was calibrated on, in one
 * respect.
 *
 * @param modelId bundle name @ content hash
 * @param policy routing policy
 * @param feature what is compared
 * @param events compared events
 * @param index null where there is nothing to compare with
 */
public record DriftReading(
    String modelId,
    String policy,
    Feature feature,
    long events,
    StabilityIndex index,
    DriftLevel level) {
  /** What is compared. */
  public enum Feature {
    /** Pools that the router assigned. */
    POOLS,
    /** Exits that answered. */
    EXITS,
    /** Confidence of the answers. */
    CONFIDENCES
  }
}
