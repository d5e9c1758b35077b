package io.dimee.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.deploy.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Least confidences at which exits answer.
 *
 * @param byDepth in [0, 1], by the exit's depth
 */
public record Thresholds(Map<Integer, Double> byDepth) {
  /**
   * Reads a JSON object of depths and thresholds, {"3": 0.9, "6": 0.8}.
   *
   * @throws ConfigurationException when it is something else
   */
  public static Thresholds read(Path file) {
    Map<Integer, Double> byDepth = new TreeMap<>();
    try {
      JsonNode node = new ObjectMapper().readTree(file.toFile());
      if (node == null || !node.isObject() || node.isEmpty()) {
        throw wrong(file, "it is no JSON object", null);
      }
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        double threshold = entry.getValue().doubleValue();
        if (!entry.getKey().matches("[1-9][0-9]?")
            || !entry.getValue().isNumber()
            || !(threshold >= 0 && threshold <= 1)) {
          throw wrong(file, "\"%s\": %s".formatted(entry.getKey(), entry.getValue()), null);
        }
        byDepth.put(Integer.valueOf(entry.getKey()), threshold);
      }
    } catch (IOException e) {
      throw wrong(file, e.getMessage().lines().findFirst().orElse(""), e);
    }
    return new Thresholds(byDepth);
  }

  private static ConfigurationException wrong(Path file, String what, Exception cause) {
    return new ConfigurationException(
        "thresholds=%s cannot be used: %s; valid: {\"3\": 0.95, \"6\": 0.8}, an exit's depth and a number in [0, 1]"
            .formatted(file, what),
        cause);
  }

  /** Whether an exit answers with a confidence; one without a threshold never does. */
  boolean answers(int depth, double confidence) {
    double threshold = byDepth.getOrDefault(depth, 1.0);
    return threshold < 1 && confidence >= threshold;
  }
}
