package io.dimee.training;

/** Which weights are trained. */
public enum Tune {
  /** Encoder and exits. */
  all,
  /**
   * The exits alone, on what the pre-trained encoder gives: each row runs through the encoder once,
   * so minutes instead of an hour. What an exit reads, the layers were not trained to say.
   */
  exits
}
