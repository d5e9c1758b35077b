package io.dimee.inference.bundle;

/** Where compute runs, from the event's source inwards. */
public enum Tier {
  MOBILE,
  EDGE,
  CLOUD
}
