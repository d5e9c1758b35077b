package io.dimee.inference.onnx;

/** Writes the matrix products of an encoder layer, which are what its precision decides. */
interface LayerProducts {
  /**
   * Self-attention, before its output's dense layer.
   *
   * @param input [batch, tokens, hidden]
   * @return name of the result
   */
  String attention(OnnxGraphBuilder graph, LayerWeights layer, String input);

  /** The attention output's dense layer. */
  String attentionOutput(OnnxGraphBuilder graph, LayerWeights layer, String context);

  /** The feed-forward network. */
  String feedForward(OnnxGraphBuilder graph, LayerWeights layer, String middle);
}
