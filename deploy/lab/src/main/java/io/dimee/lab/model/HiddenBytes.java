package io.dimee.lab.model;

import io.dimee.serdes.HiddenCodec;

/** What a hidden state weighs on its way, which its transport is priced by. */
final class HiddenBytes {
  private HiddenBytes() {}

  /**
   * Payload bytes a token, in the codec that tiers use unless told otherwise.
   *
   * @param hidden size of the hidden state
   */
  static double perToken(int hidden) {
    return HiddenCodec.FP16.encodedSize(1, hidden);
  }
}
