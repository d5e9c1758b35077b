package io.dimee.inference.onnx;

import static io.dimee.inference.onnx.OnnxGraphBuilder.attribute;

import java.util.List;

/** Products of 32-bit floats. */
final class Fp32Products implements LayerProducts {
  @Override
  public String attention(OnnxGraphBuilder graph, LayerWeights layer, String input) {
    return graph.fused(
        "Attention",
        List.of(layer.prefix() + "context"),
        List.of(
            input,
            graph.weight(layer.prefix() + "qkv.weight", layer.attentionWeight()),
            graph.weight(layer.prefix() + "qkv.bias", layer.attentionBias()),
            SegmentAssembler.ATTENTION_MASK),
        attribute("num_heads", layer.heads()));
  }

  @Override
  public String attentionOutput(OnnxGraphBuilder graph, LayerWeights layer, String context) {
    return dense(graph, layer, "attention.output.dense", context);
  }

  @Override
  public String feedForward(OnnxGraphBuilder graph, LayerWeights layer, String middle) {
    String wide =
        graph.fused(
            "BiasGelu",
            List.of(layer.prefix() + SegmentAssembler.WIDE),
            List.of(
                multiply(graph, layer, "intermediate.dense", middle),
                graph.weight(
                    layer.prefix() + "intermediate.dense.bias",
                    layer.weight("intermediate.dense.bias"))));
    return dense(graph, layer, "output.dense", wide);
  }

  private static String dense(
      OnnxGraphBuilder graph, LayerWeights layer, String dense, String input) {
    String bias = layer.prefix() + dense + ".bias";
    return graph.node(
        "Add",
        layer.prefix() + dense,
        List.of(
            multiply(graph, layer, dense, input),
            graph.weight(bias, layer.weight(dense + ".bias"))));
  }

  private static String multiply(
      OnnxGraphBuilder graph, LayerWeights layer, String dense, String input) {
    String name = layer.prefix() + dense;
    return graph.node(
        "MatMul",
        name + ".product",
        List.of(input, graph.weight(name + ".weight", layer.weight(dense + ".weight"))));
  }
}
