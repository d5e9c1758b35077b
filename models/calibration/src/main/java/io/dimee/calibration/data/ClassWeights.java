package io.dimee.calibration.data;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What a row of each class counts in training. */
public final class ClassWeights {
  /** All count alike. */
  public static final ClassWeights NONE = new ClassWeights("none", Map.of());

  private static final String BALANCED = "balanced";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String rule;
  private final Map<String, Double> given;

  private ClassWeights(String rule, Map<String, Double> given) {
    this.rule = rule;
    this.given = given;
  }

  /**
   * Reads none, balanced, or the name of a JSON file of weights by label.
   *
   * @throws DataException when there is no such file, or it holds something else
   */
  public static ClassWeights parse(String text) {
    if (text.equals(NONE.rule)) {
      return NONE;
    }
    if (text.equals(BALANCED)) {
      return new ClassWeights(BALANCED, Map.of());
    }
    Path file = Path.of(text);
    if (!Files.exists(file)) {
      throw new DataException(
          "class-weights=%s is not known; valid: none, balanced, or a JSON file of weights by label"
              .formatted(text));
    }
    try {
      Map<String, Double> weights =
          JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Double>>() {});
      weights.forEach(
          (label, weight) -> {
            if (weight == null || !(weight > 0) || weight.isInfinite()) {
              throw new DataException(
                  "class-weights=%s: the weight of %s is %s; valid: numbers above 0"
                      .formatted(text, label, weight));
            }
          });
      return new ClassWeights("given", Map.copyOf(weights));
    } catch (IOException e) {
      throw new DataException(
          "class-weights=%s is no JSON object of weights by label: %s"
              .formatted(text, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** Whether all rows count alike. */
  public boolean isNone() {
    return rule.equals(NONE.rule);
  }

  /**
   * The weights for a data set.
   *
   * @param train rows that are trained on
   * @return in the order of the labels; empty where all count alike. Balanced ones are rows over
   *     classes times rows of the class, as in scikit-learn, so that their mean over rows is 1
   * @throws DataException when a file names no weight for a label, or one of a label there is not
   */
  public List<Double> of(List<Example> train, List<String> labels) {
    if (isNone()) {
      return List.of();
    }
    if (rule.equals(BALANCED)) {
      int[] rows = new int[labels.size()];
      train.forEach(row -> rows[row.label()]++);
      return IntStream.of(rows)
          .mapToObj(count -> (double) train.size() / labels.size() / Math.max(1, count))
          .toList();
    }
    for (String label : given.keySet()) {
      if (!labels.contains(label)) {
        throw new DataException(
            "class-weights: no class has the name %s; valid: %s".formatted(label, labels));
      }
    }
    return labels.stream()
        .map(
            label -> {
              if (!given.containsKey(label)) {
                throw new DataException("class-weights: there is none for %s".formatted(label));
              }
              return given.get(label);
            })
        .toList();
  }

  /** What a bundle records. */
  public JsonNode json() {
    return given.isEmpty() ? TextNode.valueOf(rule) : JSON.valueToTree(new TreeMap<>(given));
  }
}
