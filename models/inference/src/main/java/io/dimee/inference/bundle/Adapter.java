package io.dimee.inference.bundle;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fine-tuned encoder: the backbone's weights plus a bundle's difference to them. Dense weights
 * differ by a {@link QuantizedDelta}; biases and LayerNorms are replaced; exits are the bundle's
 * own.
 */
public final class Adapter {
  private static final String EXITS = "exits.";
  private static final String CODES = ".delta_codes";
  private static final String SCALES = ".delta_scales";

  private final Backbone backbone;
  private final Map<String, Tensor> difference;

  /**
   * Combines a backbone and a bundle's difference to it.
   *
   * @throws InvalidBundleException when a tensor belongs neither to the backbone nor to an exit: it
   *     would change nothing, and nobody would notice
   */
  public Adapter(Backbone backbone, Map<String, Tensor> difference) {
    for (String name : difference.keySet()) {
      String weight = name.replaceFirst("\\.delta_(codes|scales)$", "");
      if (!backbone.has(weight) && !name.startsWith(EXITS)) {
        throw new InvalidBundleException(
            "%s has a tensor %s, which the backbone lacks".formatted(Bundle.ADAPTER, name));
      }
    }
    this.backbone = backbone;
    this.difference = difference;
  }

  /**
   * The compact form of fine-tuned weights.
   *
   * @param tuned by their names in the backbone, and the exits
   * @return what {@link Bundle#adapter} reads
   */
  public static Map<String, Tensor> compact(Backbone backbone, Map<String, Tensor> tuned) {
    Map<String, Tensor> compact = new LinkedHashMap<>();
    tuned.forEach(
        (name, tensor) -> {
          if (backbone.has(name) && tensor.shape().length == 2) {
            QuantizedDelta delta = QuantizedDelta.of(backbone.weight(name), tensor);
            compact.put(name + CODES, delta.codes());
            compact.put(name + SCALES, delta.scales());
          } else {
            compact.put(name, tensor);
          }
        });
    return compact;
  }

  /** How a tensor of the compact form is stored. */
  public static SafeTensors.Precision precision(String name) {
    if (name.endsWith(CODES)) {
      return SafeTensors.Precision.U8;
    }
    return name.endsWith(SCALES) ? SafeTensors.Precision.F32 : SafeTensors.Precision.F16;
  }

  /** Shape of the encoder. */
  public Architecture architecture() {
    return backbone.architecture();
  }

  /** Returns a weight by its name: the backbone's, fine-tuned, or an exit's own. */
  public Tensor weight(String name) {
    Tensor own = difference.get(name);
    if (!backbone.has(name)) {
      if (own == null) {
        throw new InvalidBundleException(Bundle.ADAPTER + " lacks the tensor " + name);
      }
      return own;
    }
    Tensor base = backbone.weight(name);
    if (own != null) {
      return own.requireShape(name, base.shape());
    }
    Tensor codes = difference.get(name + CODES);
    Tensor scales = difference.get(name + SCALES);
    return codes == null || scales == null ? base : new QuantizedDelta(codes, scales).addTo(base);
  }
}
