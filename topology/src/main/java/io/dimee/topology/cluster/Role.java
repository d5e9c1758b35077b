package io.dimee.topology.cluster;

/** What a principal does with a pipeline's topics. */
public enum Role {
  /** The router and the mobile tier. */
  MOBILE,
  /** The edge tier. */
  EDGE,
  /** The cloud tier. */
  CLOUD,
  /**
   * Adds up predictions, looks for events without an outcome, and makes topics for its own state.
   */
  LEDGER,
  /** Reads outcomes, and how far each group is; to ask, it must be a client too. */
  DASHBOARD,
  /** Sends events and reads their outcomes. */
  CLIENT,
  /** Reads all that a query can name. */
  ANALYST,
  /** Looks at the offsets of what is scaled, and reads no record. */
  SCALER
}
