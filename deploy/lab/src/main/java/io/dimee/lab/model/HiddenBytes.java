package io.dimee.lab.model;

import io.dimee.inference.bundle.Backbone;
import io.dimee.serdes.HiddenCodec;

/** What a hidden state weighs on its way, which its transport is priced by. */
final class HiddenBytes {
  /** Payload bytes a token, in the codec that tiers use unless told otherwise. */
  static final double PER_TOKEN = HiddenCodec.FP16.encodedSize(1, Backbone.ARCHITECTURE.hidden());

  private HiddenBytes() {}
}
