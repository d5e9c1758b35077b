package io.dimee.topology.deadletters;

/** Whether dead letters hold the head of what failed, which may be an event's text. */
public enum PayloadHead {
  /** The first bytes, to see what was wrong with them. */
  KEPT,
  /** Its size alone. */
  WITHHELD
}
