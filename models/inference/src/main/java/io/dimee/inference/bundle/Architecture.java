package io.dimee.inference.bundle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Extents of a BERT encoder.
 *
 * @param layers encoder layers, L
 * @param hidden hidden size
 * @param heads attention heads
 * @param intermediate size of the feed-forward layer
 * @param vocabulary rows of the word-piece embedding
 * @param positions longest sequence, in tokens
 */
public record Architecture(
    int layers, int hidden, int heads, int intermediate, int vocabulary, int positions) {
  /** Added to the variance by every LayerNorm of BERT. */
  public static final float LAYER_NORM_EPSILON = 1e-12f;

  /** Checks the extents. */
  public Architecture {
    requirePositive("layers", layers);
    requirePositive("hidden", hidden);
    requirePositive("heads", heads);
    requirePositive("intermediate", intermediate);
    requirePositive("vocabulary", vocabulary);
    requirePositive("positions", positions);
    if (hidden % heads != 0) {
      throw new InvalidBundleException(
          "encoder: heads=%d must divide hidden=%d".formatted(heads, hidden));
    }
  }

  /**
   * Fails unless this is what a backbone has.
   *
   * @param backbone its name
   * @param actual its shape
   * @throws InvalidBundleException which names every extent that differs
   */
  public void requireOf(String backbone, Architecture actual) {
    if (!equals(actual)) {
      List<String> wrong = new ArrayList<>();
      List<String> right = new ArrayList<>();
      Map<String, Integer> extents = actual.extents();
      extents()
          .forEach(
              (key, value) -> {
                if (!value.equals(extents.get(key))) {
                  wrong.add(key + "=" + value);
                  right.add(key + "=" + extents.get(key));
                }
              });
      throw new InvalidBundleException(
          "encoder: %s, but the backbone %s has %s"
              .formatted(String.join(", ", wrong), backbone, String.join(", ", right)));
    }
  }

  private Map<String, Integer> extents() {
    Map<String, Integer> extents = new LinkedHashMap<>();
    extents.put("layers", layers);
    extents.put("hidden", hidden);
    extents.put("heads", heads);
    extents.put("intermediate", intermediate);
    extents.put("vocabulary", vocabulary);
    extents.put("positions", positions);
    return extents;
  }

  private static void requirePositive(String key, int value) {
    if (value < 1) {
      throw new InvalidBundleException("encoder: %s=%d must be 1 or more".formatted(key, value));
    }
  }
}
