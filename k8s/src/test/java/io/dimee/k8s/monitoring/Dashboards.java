package io.dimee.k8s.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The committed Grafana dashboards. */
final class Dashboards {
  private static final Path FOLDER = Path.of("components/monitoring/dashboards");

  private Dashboards() {}

  static List<JsonNode> read() {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(json.readTree(file.toFile()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return dashboards;
  }

  /** Panels that show something; rows are headings. */
  static List<JsonNode> panels(JsonNode dashboard) {
    List<JsonNode> panels = new ArrayList<>();
    dashboard.path("panels").forEach(panels::add);
    panels.removeIf(panel -> panel.path("type").asText().equals("row"));
    return panels;
  }

  static List<String> expressions() {
    List<String> expressions = new ArrayList<>();
    for (JsonNode dashboard : read()) {
      for (JsonNode panel : panels(dashboard)) {
        panel.path("targets").forEach(target -> expressions.add(target.path("expr").asText()));
      }
    }
    return expressions;
  }
}
