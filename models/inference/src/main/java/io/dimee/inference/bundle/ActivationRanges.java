package io.dimee.inference.bundle;

import io.dimee.inference.files.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
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
  /** Checks that there are as many of one as of the other. */
  public ActivationRanges {
    middle = List.copyOf(middle);
    wide = List.copyOf(wide);
    if (middle.size() != wide.size()) {
      throw new InvalidBundleException(
          "ranges of %d layers' input, and of %d layers' activation"
              .formatted(middle.size(), wide.size()));
    }
  }

  static String middleName(int layer) {
    return "encoder.layer." + layer + ".middle.range";
  }

  static String wideName(int layer) {
    return "encoder.layer." + layer + ".wide.range";
  }

  /**
   * Reads what {@link #tensors} wrote.
   *
   * @param encoder whose layers they are of
   */
  public static ActivationRanges of(Map<String, Tensor> tensors, Architecture encoder) {
    List<Tensor> middle = new ArrayList<>();
    List<Tensor> wide = new ArrayList<>();
    for (int layer = 0; layer < encoder.layers(); layer++) {
      middle.add(require(tensors, middleName(layer), encoder.hidden()));
      wide.add(require(tensors, wideName(layer), encoder.intermediate()));
    }
    return new ActivationRanges(middle, wide);
  }

  private static Tensor require(Map<String, Tensor> tensors, String name, int channels) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidBundleException(Bundle.RANGES + " lacks the tensor " + name);
    }
    return tensor.requireShape(name, channels);
  }

  /** Hash of all numbers. */
  public String sha256() {
    Collection<Tensor> all = tensors().values();
    int size = all.stream().mapToInt(tensor -> tensor.values().remaining()).sum();
    ByteBuffer content = ByteBuffer.allocate(size * Float.BYTES);
    for (Tensor tensor : all) {
      for (float value : tensor.toArray()) {
        content.putFloat(value);
      }
    }
    return Hashing.sha256(content.array());
  }

  /** The ranges by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int layer = 0; layer < middle.size(); layer++) {
      tensors.put(middleName(layer), middle.get(layer));
      tensors.put(wideName(layer), wide.get(layer));
    }
    return tensors;
  }
}
