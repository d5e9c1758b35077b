package io.dimee.inference.onnx;

import static io.dimee.inference.onnx.OnnxGraphBuilder.attribute;

import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Tensor;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Products of 8-bit integers, but for what 8 bits cannot hold. ONNX Runtime gives all activations
 * of a batch one scale, so a few channels with large values take the resolution of all others. Two
 * measures, both of which leave the exact result as it is:
 *
 * <ul>
 *   <li>the input of the feed-forward network is divided by a factor a channel, and the weights
 *       multiplied by it (SmoothQuant, Xiao et al. 2023, arXiv 2211.10438);
 *   <li>the few units of the network that grow largest are computed in fp32 beside the others
 *       (LLM.int8(), Dettmers et al. 2022, arXiv 2208.07339).
 * </ul>
 */
final class Int8Products implements LayerProducts {
  /** Of so many units of the feed-forward network, one stays in fp32. */
  private static final int UNITS_PER_OUTLIER = 100;

  /** How far the range moves from the activations to the weights, in [0, 1]. */
  private static final double SMOOTHING = 0.7;

  private static final double LEAST_RANGE = 1e-6;

  private final ActivationRanges ranges;

  Int8Products(ActivationRanges ranges) {
    this.ranges = ranges;
  }

  @Override
  public String attention(OnnxGraphBuilder graph, LayerWeights layer, String input) {
    String prefix = layer.prefix();
    OnnxGraphBuilder.Quantized weight =
        graph.quantized(prefix + "qkv.weight", layer.attentionWeight());
    String scale = prefix + "input.scale";
    String zero = prefix + "input.zero";
    String rounded =
        graph.node(
            "DynamicQuantizeLinear", List.of(prefix + "input.uint8", scale, zero), List.of(input));
    return graph.fused(
        "QAttention",
        List.of(prefix + "context"),
        List.of(
            rounded,
            weight.values(),
            graph.weight(prefix + "qkv.bias", layer.attentionBias()),
            scale,
            weight.scales(),
            SegmentAssembler.ATTENTION_MASK,
            zero,
            weight.zeros()),
        attribute("num_heads", layer.heads()));
  }

  @Override
  public String attentionOutput(OnnxGraphBuilder graph, LayerWeights layer, String context) {
    return dense(
        graph,
        layer.prefix() + "attention.output.dense",
        context,
        layer.weight("attention.output.dense.weight"),
        layer.weight("attention.output.dense.bias"));
  }

  @Override
  public String feedForward(OnnxGraphBuilder graph, LayerWeights layer, String middle) {
    int[] units = smallestFirst(ranges.wide().get(layer.layer()));
    int largest = (units.length + UNITS_PER_OUTLIER - 1) / UNITS_PER_OUTLIER;
    int[] most = IntStream.of(units).limit(units.length - largest).toArray();
    int[] outliers = IntStream.of(units).skip(most.length).toArray();
    return graph.node(
        "Add",
        layer.prefix() + "output.dense.product",
        List.of(inInt8(graph, layer, middle, most), inFp32(graph, layer, middle, outliers)));
  }

  private static int[] smallestFirst(Tensor range) {
    return IntStream.range(0, range.shape()[0])
        .boxed()
        .sorted(Comparator.comparingDouble(unit -> range.values().get(unit)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private String inInt8(OnnxGraphBuilder graph, LayerWeights layer, String middle, int[] units) {
    String name = layer.prefix() + "int8.";
    Tensor weight = columns(layer.weight("intermediate.dense.weight"), units);
    float[] factors = factors(ranges.middle().get(layer.layer()), weight);
    String smooth =
        graph.node(
            "Div",
            name + "smooth",
            List.of(middle, graph.weight(name + "factors", Tensor.of(factors, factors.length))));
    String wide =
        graph.fused(
            "Gelu",
            List.of(name + SegmentAssembler.WIDE),
            List.of(
                dense(
                    graph,
                    name + "intermediate",
                    smooth,
                    scaledRows(weight, factors),
                    intermediateBias(layer, units))));
    return dense(
        graph,
        name + "output",
        wide,
        rows(layer.weight("output.dense.weight"), units),
        layer.weight("output.dense.bias"));
  }

  private static String inFp32(
      OnnxGraphBuilder graph, LayerWeights layer, String middle, int[] units) {
    String name = layer.prefix() + "fp32.";
    Tensor in = columns(layer.weight("intermediate.dense.weight"), units);
    Tensor out = rows(layer.weight("output.dense.weight"), units);
    String product =
        graph.node(
            "MatMul",
            name + "intermediate.product",
            List.of(middle, graph.weight(name + "intermediate.weight", in)));
    String wide =
        graph.fused(
            "BiasGelu",
            List.of(name + SegmentAssembler.WIDE),
            List.of(
                product, graph.weight(name + "intermediate.bias", intermediateBias(layer, units))));
    return graph.node(
        "MatMul",
        name + "output.product",
        List.of(wide, graph.weight(name + "output.weight", out)));
  }

  private static Tensor intermediateBias(LayerWeights layer, int[] units) {
    Tensor bias = layer.weight("intermediate.dense.bias");
    float[] own = new float[units.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = bias.values().get(units[i]);
    }
    return Tensor.of(own, own.length);
  }

  /** A dense layer; its bias is added where its product is scaled, which costs nothing. */
  private static String dense(
      OnnxGraphBuilder graph, String name, String input, Tensor weight, Tensor bias) {
    OnnxGraphBuilder.Quantized quantized = graph.quantized(name + ".weight", weight);
    return graph.fused(
        "DynamicQuantizeMatMul",
        List.of(name + ".product"),
        List.of(
            input,
            quantized.values(),
            quantized.scales(),
            quantized.zeros(),
            graph.weight(name + ".bias", bias)));
  }

  /** Divides a channel by more, the larger its values and the smaller its weights; mean 1. */
  private static float[] factors(Tensor range, Tensor weight) {
    int channels = weight.shape()[0];
    int units = weight.shape()[1];
    double[] logarithms = new double[channels];
    double mean = 0;
    for (int channel = 0; channel < channels; channel++) {
      double largest = LEAST_RANGE;
      for (int unit = 0; unit < units; unit++) {
        largest = Math.max(largest, Math.abs(weight.values().get(channel * units + unit)));
      }
      logarithms[channel] =
          SMOOTHING * Math.log(Math.max(LEAST_RANGE, range.values().get(channel)))
              - (1 - SMOOTHING) * Math.log(largest);
      mean += logarithms[channel] / channels;
    }
    float[] factors = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      factors[channel] = (float) Math.exp(logarithms[channel] - mean);
    }
    return factors;
  }

  private static Tensor scaledRows(Tensor weight, float[] factors) {
    float[] scaled = weight.toArray();
    int columns = weight.shape()[1];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factors[i / columns];
    }
    return Tensor.of(scaled, weight.shape());
  }

  private static Tensor columns(Tensor weight, int[] chosen) {
    int rows = weight.shape()[0];
    int columns = weight.shape()[1];
    float[] part = new float[rows * chosen.length];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < chosen.length; i++) {
        part[row * chosen.length + i] = weight.values().get(row * columns + chosen[i]);
      }
    }
    return Tensor.of(part, rows, chosen.length);
  }

  private static Tensor rows(Tensor weight, int[] chosen) {
    int columns = weight.shape()[1];
    float[] part = new float[chosen.length * columns];
    for (int i = 0; i < chosen.length; i++) {
      weight.values().get(chosen[i] * columns, part, i * columns, columns);
    }
    return Tensor.of(part, chosen.length, columns);
  }
}
