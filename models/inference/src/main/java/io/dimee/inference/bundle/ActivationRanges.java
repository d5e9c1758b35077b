package io.dimee.inference.bundle;

import io.dimee.inference.files.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The largest magnitude that each channel reached, on rows that a model may be fitted on, where the
 * feed-forward network of each layer is about to be computed in 8-bit integers.
 *
 * @param middle of the network's input; one tensor [hidden] a layer
 * @param wide behind its activation; one tensor [intermediate] a layer
 */
public record ActivationRanges(List<Tensor> middle, List<Tensor> wide) {
  private static final Architecture ARCHITECTURE = Backbone.ARCHITECTURE;

  /** Checks that every layer is there. */
  public ActivationRanges {
    middle = List.copyOf(middle);
    wide = List.copyOf(wide);
    for (int layer = 0; layer < ARCHITECTURE.layers(); layer++) {
      middle.get(layer).requireShape(middleName(layer), ARCHITECTURE.hidden());
      wide.get(layer).requireShape(wideName(layer), ARCHITECTURE.intermediate());
    }
  }

  static String middleName(int layer) {
    return "encoder.layer." + layer + ".middle.range";
  }

  static String wideName(int layer) {
    return "encoder.layer." + layer + ".wide.range";
  }

  /** Reads what {@link #tensors} wrote. */
  public static ActivationRanges of(Map<String, Tensor> tensors) {
    List<Tensor> middle = new ArrayList<>();
    List<Tensor> wide = new ArrayList<>();
    for (int layer = 0; layer < ARCHITECTURE.layers(); layer++) {
      middle.add(require(tensors, middleName(layer)));
      wide.add(require(tensors, wideName(layer)));
    }
    return new ActivationRanges(middle, wide);
  }

  private static Tensor require(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidBundleException(Bundle.RANGES + " lacks the tensor " + name);
    }
    return tensor;
  }

  /** Hash of all numbers. */
  public String sha256() {
    ByteBuffer content =
        ByteBuffer.allocate(
            ARCHITECTURE.layers()
                * (ARCHITECTURE.hidden() + ARCHITECTURE.intermediate())
                * Float.BYTES);
    tensors()
        .values()
        .forEach(
            tensor -> {
              for (float value : tensor.toArray()) {
                content.putFloat(value);
              }
            });
    return Hashing.sha256(content.array());
  }

  /** The ranges by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < ARCHITECTURE.layers(); layer++) {
      tensors.put(middleName(layer), middle.get(layer));
      tensors.put(wideName(layer), wide.get(layer));
    }
    return tensors;
  }
}
