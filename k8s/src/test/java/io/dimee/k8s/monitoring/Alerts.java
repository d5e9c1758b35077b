package io.dimee.k8s.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.k8s.manifests.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The committed alert rules, in Prometheus' own form and in that of its operator. */
final class Alerts {
  private static final Path OF_COMPOSE = Path.of("../deploy/compose/alerts.yaml");
  private static final Path OF_KUBERNETES = Path.of("components/monitoring/alerts.yaml");

  private Alerts() {}

  static JsonNode ofCompose() {
    return new Yaml().read(OF_COMPOSE).get(0).path("groups");
  }

  static JsonNode ofKubernetes() {
    return new Yaml().read(OF_KUBERNETES).get(0).at("/spec/groups");
  }

  static List<JsonNode> rules() {
    List<JsonNode> rules = new ArrayList<>();
    ofCompose().forEach(group -> group.path("rules").forEach(rules::add));
    return rules;
  }

  static List<String> expressions() {
    return rules().stream().map(rule -> rule.path("expr").asText()).toList();
  }
}
