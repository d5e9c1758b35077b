package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {
  private final Yaml yaml = new Yaml();

  @ParameterizedTest
  @EnumSource
  void shouldKnowEveryPropertyOfEveryManifest(Overlay overlay) {
    assertThat(Manifests.of(overlay).all(Object.class)).hasSizeGreaterThan(20);
  }

  static Stream<ObjectNode> documents() {
    return Stream.of(Overlay.values()).flatMap(overlay -> overlay.render().stream());
  }

  @ParameterizedTest
  @MethodSource("documents")
  void shouldRefuseAPropertyMoreAtTheTop(ObjectNode document) {
    document.put("typo", "x");

    assertThatThrownBy(() -> Manifests.parse(yaml, document))
        .isInstanceOf(UnrecognizedPropertyException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, /spec/template/spec/containers/0",
    "Deployment, /spec/template/spec/containers/0/livenessProbe/httpGet",
    "Deployment, /spec/template/spec/volumes/1/configMap",
    "Job, /spec/template/spec",
    "KafkaTopic, /spec",
    "KafkaUser, /spec/authorization/acls/0/resource",
    "Kafka, /spec/kafka/listeners/0/authentication",
    "KafkaNodePool, /spec/storage/volumes/0",
    "ScaledObject, /spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleUp/policies/0",
    "TriggerAuthentication, /spec/secretTargetRef/0",
    "NetworkPolicy, /spec/podSelector",
    "PodDisruptionBudget, /spec/selector",
    "PodMonitor, /spec/podMetricsEndpoints/0",
    "PrometheusRule, /spec/groups/0/rules/0"
  })
  void shouldRefuseAPropertyMoreWithin(String kind, String path) {
    ObjectNode document =
        Overlay.DEV.render().stream()
            .filter(any -> any.path("kind").asText().equals(kind))
            .findFirst()
            .orElseThrow();
    ((ObjectNode) document.at(path)).put("typo", "x");

    assertThatThrownBy(() -> Manifests.parse(yaml, document))
        .hasStackTraceContaining("UnrecognizedPropertyException");
  }
}
