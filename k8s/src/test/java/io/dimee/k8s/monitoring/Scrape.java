package io.dimee.k8s.monitoring;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a process answers at /metrics, in Prometheus' text format. */
final class Scrape {
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern PART = Pattern.compile("(.*)_(bucket|count|sum)");

  /** Kinds by family. */
  private final Map<String, String> types = new TreeMap<>();

  /** Values by label, by series' name. */
  private final Map<String, Map<String, Set<String>>> labels = new HashMap<>();

  Scrape(String text) {
    text.lines().forEach(this::add);
  }

  private void add(String line) {
    Matcher type = TYPE.matcher(line);
    if (type.matches()) {
      types.put(type.group(1), type.group(2));
    } else if (!line.startsWith("#")) {
      Matcher sample = SAMPLE.matcher(line);
      if (!sample.matches()) {
        throw new IllegalArgumentException("no sample: " + line);
      }
      Map<String, Set<String>> own =
          labels.computeIfAbsent(sample.group(1), name -> new HashMap<>());
      if (sample.group(2) != null) {
        Matcher label = LABEL.matcher(sample.group(2));
        while (label.find()) {
          own.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(2));
        }
      }
    }
  }

  boolean has(String metric) {
    return labels.containsKey(metric);
  }

  /** Values of a label; empty where the metric does not have it. */
  Set<String> values(String metric, String label) {
    return labels.get(metric).getOrDefault(label, Set.of());
  }

  /** Whether the metric only grows. */
  boolean isCounter(String metric) {
    Matcher part = PART.matcher(metric);
    return "counter".equals(types.get(metric))
        || (part.matches()
            && Set.of("histogram", "summary").contains(types.getOrDefault(part.group(1), "")));
  }

  /** Families whose names begin so; the greatest value of a timer or summary is a part of it. */
  Set<String> families(String prefix) {
    return types.keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .filter(name -> !name.endsWith("_max") || !types.containsKey(base(name)))
        .collect(Collectors.toSet());
  }

  private static String base(String max) {
    return max.substring(0, max.length() - "_max".length());
  }
}
