package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.node.tracing.Tracing;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The component that sends traces to a collector. */
class TracesTest {
  private final Manifests manifests = Manifests.of(Overlay.TRACED);

  private static Map<String, String> variables(Workload workload) {
    return workload.variables().stream()
        .filter(variable -> variable.getName().startsWith("OTEL_"))
        .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
  }

  private List<Workload> traced() {
    return manifests.workloads().stream()
        .filter(workload -> !variables(workload).isEmpty())
        .toList();
  }

  @Test
  void shouldSwitchTracesOnInEveryTierAndNowhereElse() {
    assertThat(traced())
        .extracting(Workload::name)
        .containsExactlyInAnyOrder("dimee-mobile", "dimee-edge", "dimee-cloud");
    assertThat(traced())
        .allSatisfy(
            workload -> {
              // a value that is none is refused here
              try (Tracing tracing = Tracing.open(variables(workload), workload.name())) {
                assertThat(tracing.tracer().send("topic", "id").getSpanContext().isValid())
                    .isTrue();
              }
            });
  }

  @Test
  void shouldOpenTheWayToTheCollectorThatTheTiersAreTold() {
    URI collector = URI.create(variables(traced().get(0)).get("OTEL_EXPORTER_OTLP_ENDPOINT"));

    assertThat(manifests.all(NetworkPolicy.class))
        .filteredOn(policy -> policy.getMetadata().getName().equals("dimee-traces"))
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.getSpec().getPodSelector().getMatchExpressions())
                  .singleElement()
                  .satisfies(
                      expression -> {
                        assertThat(expression.getOperator()).isEqualTo("In");
                        assertThat(traced())
                            .extracting(workload -> workload.labels().get(expression.getKey()))
                            .containsExactlyInAnyOrderElementsOf(expression.getValues());
                      });
              assertThat(policy.getSpec().getEgress())
                  .singleElement()
                  .satisfies(
                      rule -> {
                        assertThat(rule.getTo().get(0).getNamespaceSelector().getMatchLabels())
                            .containsValue(collector.getHost().replaceAll("^[^.]+\\.|\\..*$", ""));
                        assertThat(rule.getPorts().get(0).getPort().getIntVal())
                            .isEqualTo(collector.getPort());
                      });
            });
  }
}
