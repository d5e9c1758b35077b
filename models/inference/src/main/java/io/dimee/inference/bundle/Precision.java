package io.dimee.inference.bundle;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Numbers that the encoder's matrix products are computed in; all else is fp32 in any case. */
public enum Precision {
  /** Weights and activations as 32-bit floats. */
  @JsonProperty("fp32")
  FP32,
  /**
   * Weights as 8-bit integers with a scale for each column, activations as 8-bit integers with a
   * scale for each batch. On processors without VNNI, ONNX Runtime's products of 8-bit integers may
   * saturate.
   */
  @JsonProperty("int8")
  INT8
}
