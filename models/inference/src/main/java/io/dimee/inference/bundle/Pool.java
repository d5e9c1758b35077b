package io.dimee.inference.bundle;

/** Complexity class of an event (DIMEE, arXiv 2410.05338, Algorithm 1). */
public enum Pool {
  EASY,
  MEDIUM,
  HARD
}
