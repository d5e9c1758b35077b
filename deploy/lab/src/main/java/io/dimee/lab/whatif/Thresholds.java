package io.dimee.lab.whatif;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Least confidences at which exits answer.
 *
 * @param byDepth in [0, 1], by the exit's depth; one a class, or one for all
 */
public record Thresholds(Map<Integer, List<Double>> byDepth) {
  /**
   * Reads a JSON object of depths and thresholds, {"3": 0.9, "6": [0.8, 0.7]}.
   *
   * @throws ConfigurationException when it is something else
   */
  public static Thresholds read(Path file) {
    Map<Integer, List<Double>> byDepth = new TreeMap<>();
    try {
      JsonNode node = new ObjectMapper().readTree(file.toFile());
      if (node == null || !node.isObject() || node.isEmpty()) {
        throw wrong(file, "it is not a JSON object", null);
      }
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        List<Double> thresholds = numbers(entry.getValue());
        if (!entry.getKey().matches("[1-9][0-9]?")
            || thresholds.isEmpty()
            || thresholds.stream().anyMatch(t -> !(t >= 0 && t <= 1))) {
          throw wrong(file, "\"%s\": %s".formatted(entry.getKey(), entry.getValue()), null);
        }
        byDepth.put(Integer.valueOf(entry.getKey()), thresholds);
      }
    } catch (IOException e) {
      throw wrong(file, e.getMessage().lines().findFirst().orElse(""), e);
    }
    return new Thresholds(byDepth);
  }

  /** What is no number is not in [0, 1] either. */
  private static List<Double> numbers(JsonNode value) {
    List<Double> numbers = new ArrayList<>();
    (value.isArray() ? value : List.of(value))
        .forEach(node -> numbers.add(node.isNumber() ? node.doubleValue() : Double.NaN));
    return numbers;
  }

  private static ConfigurationException wrong(Path file, String what, Exception cause) {
    return new ConfigurationException(
        "thresholds=%s cannot be used: %s; valid: {\"3\": 0.95, \"6\": [0.8, 0.7]}, an exit's depth and a number in [0, 1], or one per class"
            .formatted(file, what),
        cause);
  }

  /** Whether an exit answers with a class and a confidence; one without a threshold never does. */
  boolean answers(int depth, int label, double confidence) {
    List<Double> ofClasses = byDepth.getOrDefault(depth, List.of(1.0));
    int index = ofClasses.size() == 1 ? 0 : label;
    if (index < 0 || index >= ofClasses.size()) {
      throw new IllegalArgumentException(
          "label %d has no threshold at depth %d".formatted(label, depth));
    }
    double threshold = ofClasses.get(index);
    return threshold < 1 && confidence >= threshold;
  }
}
