package io.dimee.inference.onnx;

import static io.dimee.inference.onnx.OnnxGraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Tensor;
import java.util.List;

/**
 * Writes the encoder layers between two exits, and the exit at their end, as one ONNX model with
 * ONNX Runtime's fused BERT operators: about seven nodes a layer instead of the exporter's hundred.
 *
 * <p>Inputs: {@code attention_mask} [batch, tokens] int32 (1 token, 0 padding); {@code pooling}
 * [batch, means, tokens] fp32 ({@link Pooling#write}); at depth 0 {@code input_ids} and {@code
 * token_type_ids} [batch, tokens] int32, deeper {@code hidden_state_in} [batch, tokens, hidden]
 * fp32. Outputs: {@code hidden_state} [batch, tokens, hidden] and {@code logits} [batch, 1,
 * classes].
 */
final class SegmentAssembler {
  static final String INPUT_IDS = "input_ids";
  static final String TOKEN_TYPE_IDS = "token_type_ids";
  static final String HIDDEN_STATE_IN = "hidden_state_in";
  static final String ATTENTION_MASK = "attention_mask";
  static final String POOLING = "pooling";
  static final String HIDDEN_STATE = "hidden_state";
  static final String LOGITS = "logits";

  /** End of the name of a feed-forward network's input. */
  static final String MIDDLE = "middle";

  /** End of the name of what its activation gives. */
  static final String WIDE = "wide";

  /** Part of every cache key: raise it whenever the written graph changes. */
  static final int VERSION = 4;

  private static final String DENSE = "exits.dense";
  private static final String BATCH = "batch";
  private static final String TOKENS = "tokens";

  private final Architecture architecture;
  private final Adapter weights;
  private final LayerProducts products;

  /** Creates an assembler of a model with its weights and products. */
  SegmentAssembler(Adapter weights, LayerProducts products) {
    this.architecture = weights.architecture();
    this.weights = weights;
    this.products = products;
  }

  /**
   * Assembles layers from (inclusive) to (exclusive) and the exit at depth {@code to}.
   *
   * @param classes that the exit tells apart
   */
  ModelProto assemble(int from, int to, int classes) {
    OnnxGraphBuilder graph = new OnnxGraphBuilder("layers " + from + " to " + to);
    String hidden = from == 0 ? embeddings(graph) : hiddenStateInput(graph);
    graph.input(ATTENTION_MASK, DataType.INT32_VALUE, BATCH, TOKENS);
    graph.input(POOLING, DataType.FLOAT_VALUE, BATCH, pooling(weights).means(), TOKENS);
    for (int layer = from; layer < to; layer++) {
      hidden = layer(graph, layer, hidden, layer == to - 1 ? HIDDEN_STATE : null);
    }
    exit(graph, weights, to - 1, hidden, "exit.", LOGITS);
    graph.output(HIDDEN_STATE, DataType.FLOAT_VALUE, BATCH, TOKENS, architecture.hidden());
    graph.output(LOGITS, DataType.FLOAT_VALUE, BATCH, 1, classes);
    return graph.build();
  }

  /**
   * Assembles all layers without exits; the outputs are every layer's {@code middle} [batch,
   * tokens, hidden] and {@code wide} [batch, tokens, intermediate].
   */
  ModelProto assembleProbe() {
    OnnxGraphBuilder graph = new OnnxGraphBuilder("probe");
    String hidden = embeddings(graph);
    graph.input(ATTENTION_MASK, DataType.INT32_VALUE, BATCH, TOKENS);
    for (int layer = 0; layer < architecture.layers(); layer++) {
      hidden = layer(graph, layer, hidden, null);
      String prefix = new LayerWeights(weights, layer).prefix();
      graph.output(prefix + MIDDLE, DataType.FLOAT_VALUE, BATCH, TOKENS, architecture.hidden());
      graph.output(prefix + WIDE, DataType.FLOAT_VALUE, BATCH, TOKENS, architecture.intermediate());
    }
    return graph.build();
  }

  private String hiddenStateInput(OnnxGraphBuilder graph) {
    return graph.input(HIDDEN_STATE_IN, DataType.FLOAT_VALUE, BATCH, TOKENS, architecture.hidden());
  }

  private String embeddings(OnnxGraphBuilder graph) {
    graph.input(INPUT_IDS, DataType.INT32_VALUE, BATCH, TOKENS);
    graph.input(TOKEN_TYPE_IDS, DataType.INT32_VALUE, BATCH, TOKENS);
    return graph.fused(
        "EmbedLayerNormalization",
        // ONNX Runtime wants the second output even where nobody reads it
        List.of("embeddings", "embeddings.mask_index"),
        List.of(
            INPUT_IDS,
            TOKEN_TYPE_IDS,
            weight(graph, "embeddings.word_embeddings.weight"),
            weight(graph, "embeddings.position_embeddings.weight"),
            weight(graph, "embeddings.token_type_embeddings.weight"),
            weight(graph, "embeddings.LayerNorm.weight"),
            weight(graph, "embeddings.LayerNorm.bias")),
        attribute("epsilon", Architecture.LAYER_NORM_EPSILON));
  }

  private String layer(OnnxGraphBuilder graph, int number, String input, String outputName) {
    LayerWeights layer = new LayerWeights(weights, number);
    String context = products.attention(graph, layer, input);
    String middle =
        skipNorm(
            graph,
            layer.prefix() + "attention.output.",
            products.attentionOutput(graph, layer, context),
            input,
            layer.prefix() + MIDDLE);
    return skipNorm(
        graph,
        layer.prefix() + "output.",
        products.feedForward(graph, layer, middle),
        middle,
        outputName == null ? layer.prefix() + "out" : outputName);
  }

  private String skipNorm(
      OnnxGraphBuilder graph, String prefix, String input, String skip, String output) {
    return norm(
        graph,
        graph.node("Add", prefix + "sum", List.of(input, skip)),
        weight(graph, prefix + "LayerNorm.weight"),
        weight(graph, prefix + "LayerNorm.bias"),
        output);
  }

  /**
   * Normalizes a sum. Written apart, so that {@link NormalizationProbe} can choose how it is run.
   *
   * @return its output's name
   */
  static String norm(
      OnnxGraphBuilder graph, String sum, String weight, String bias, String output) {
    return graph.node(
        "LayerNormalization",
        List.of(output),
        List.of(sum, weight, bias),
        attribute("epsilon", Architecture.LAYER_NORM_EPSILON));
  }

  private String weight(OnnxGraphBuilder graph, String name) {
    return graph.weight(name, weights.weight(name));
  }

  /**
   * Writes the exit behind a layer: pooling, dense, tanh, dense.
   *
   * @param states [batch, tokens, hidden]
   * @param prefix of its names
   * @param logits name of the result
   */
  static void exit(
      OnnxGraphBuilder graph,
      Adapter weights,
      int layer,
      String states,
      String prefix,
      String logits) {
    String pooled = graph.node("MatMul", prefix + "pooled", List.of(POOLING, states));
    String features =
        pooling(weights) == Pooling.ALL ? pooled : pairFeatures(graph, pooled, prefix);
    String dense = affine(graph, weights, DENSE, layer, features, prefix + "dense");
    String activated = graph.node("Tanh", prefix + "tanh", List.of(dense));
    affine(graph, weights, "exits.output", layer, activated, logits);
  }

  /** How the exits of a model pool. */
  static Pooling pooling(Adapter weights) {
    return Pooling.of(weights.weight(DENSE + ".weight"), weights.architecture().hidden());
  }

  private static String pairFeatures(OnnxGraphBuilder graph, String pooled, String prefix) {
    String first = prefix + "first";
    String second = prefix + "second";
    graph.node("Split", List.of(first, second), List.of(pooled), attribute("axis", 1));
    String difference = graph.node("Sub", prefix + "difference", List.of(first, second));
    return graph.node(
        "Concat",
        prefix + "features",
        List.of(
            first,
            second,
            graph.node("Abs", prefix + "distance", List.of(difference)),
            graph.node("Mul", prefix + "product", List.of(first, second))),
        attribute("axis", 2));
  }

  private static String affine(
      OnnxGraphBuilder graph,
      Adapter weights,
      String name,
      int layer,
      String input,
      String output) {
    Tensor weight = slice(weights.weight(name + ".weight"), layer);
    Tensor bias = slice(weights.weight(name + ".bias"), layer);
    String product =
        graph.node(
            "MatMul", output + ".product", List.of(input, graph.weight(name + ".weight", weight)));
    return graph.node("Add", output, List.of(product, graph.weight(name + ".bias", bias)));
  }

  /** One layer's part of a tensor [layers, a, b]. */
  private static Tensor slice(Tensor stacked, int layer) {
    int[] shape = stacked.shape();
    if (shape.length != 3 || layer >= shape[0]) {
      throw new InvalidBundleException(
          Bundle.ADAPTER + " has exits for fewer layers than the encoder");
    }
    int size = shape[1] * shape[2];
    return new Tensor(new int[] {shape[1], shape[2]}, stacked.values().slice(layer * size, size));
  }
}
