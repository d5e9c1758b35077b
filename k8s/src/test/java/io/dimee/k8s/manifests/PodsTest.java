package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PodsTest {
  private static Stream<Container> servers(Manifests manifests) {
    return manifests.workloads().stream()
        .flatMap(workload -> workload.containers().stream())
        .filter(container -> Workload.argument(container, "--http-port") != null);
  }

  @ParameterizedTest
  @EnumSource
  void shouldProbeThePortOnWhichTheProcessListens(Overlay overlay) {
    assertThat(servers(Manifests.of(overlay)))
        .hasSize(5)
        .allSatisfy(
            container -> {
              ContainerPort port = container.getPorts().get(0);
              assertThat(port.getContainerPort())
                  .isEqualTo(Integer.parseInt(Workload.argument(container, "--http-port")));
              assertThat(Workload.argument(container, "--http-host")).isEqualTo("0.0.0.0");
              assertThat(
                      Stream.of(
                              container.getStartupProbe(),
                              container.getLivenessProbe(),
                              container.getReadinessProbe())
                          .map(Probe::getHttpGet)
                          .map(HTTPGetAction::getPort))
                  .allMatch(asked -> port.getName().equals(asked.getStrVal()));
              assertThat(container.getReadinessProbe().getHttpGet().getPath())
                  .isEqualTo("/health/ready");
              assertThat(container.getLivenessProbe().getHttpGet().getPath())
                  .isEqualTo("/health/live");
            });
  }

  @ParameterizedTest
  @EnumSource
  void shouldRequestNoMoreThanTheLimit(Overlay overlay) {
    for (Workload workload : Manifests.of(overlay).workloads()) {
      for (Container container : workload.containers()) {
        Map<String, Quantity> requests = container.getResources().getRequests();
        Map<String, Quantity> limits = container.getResources().getLimits();

        assertThat(requests.keySet()).as(workload.name()).isEqualTo(Set.of("cpu", "memory"));
        assertThat(limits.keySet()).as(workload.name()).contains("memory");
        requests.forEach(
            (name, request) ->
                assertThat(request.getNumericalAmount())
                    .as("%s %s", workload, name)
                    .isLessThanOrEqualTo(limits.get(name).getNumericalAmount()));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRunAsNobodyWithNothing(Overlay overlay) {
    for (Workload workload : Manifests.of(overlay).workloads()) {
      assertThat(workload.pod().getSecurityContext().getRunAsNonRoot()).isTrue();
      assertThat(workload.pod().getSecurityContext().getSeccompProfile().getType())
          .isEqualTo("RuntimeDefault");
      assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
      assertThat(workload.containers())
          .allSatisfy(
              container -> {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
                assertThat(container.getVolumeMounts().stream().map(VolumeMount::getMountPath))
                    .contains("/tmp");
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRunOneImage(Overlay overlay) {
    assertThat(
            Manifests.of(overlay).workloads().stream()
                .flatMap(workload -> workload.containers().stream())
                .map(Container::getImage)
                .distinct())
        .singleElement()
        .asString()
        .contains("dimee:");
  }

  @ParameterizedTest
  @EnumSource
  void shouldMountWhatExists(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    Set<String> configs =
        manifests.all(ConfigMap.class).stream()
            .map(map -> map.getMetadata().getName())
            .collect(Collectors.toSet());
    Set<String> secrets = secrets(manifests);
    for (Workload workload : manifests.workloads()) {
      Set<String> volumes = new HashSet<>();
      for (Volume volume : workload.pod().getVolumes()) {
        volumes.add(volume.getName());
        if (volume.getConfigMap() != null) {
          assertThat(configs).contains(volume.getConfigMap().getName());
        }
        if (volume.getSecret() != null) {
          assertThat(secrets).contains(volume.getSecret().getSecretName());
        }
      }
      assertThat(workload.containers())
          .allSatisfy(
              container ->
                  assertThat(container.getVolumeMounts().stream().map(VolumeMount::getName))
                      .isSubsetOf(volumes));
    }
  }

  /** What Strimzi's operators write: one for each user, and the certificate of the cluster. */
  private static Set<String> secrets(Manifests manifests) {
    String cluster =
        manifests.all(KafkaTopic.class).get(0).getMetadata().getLabels().get("strimzi.io/cluster");
    return Stream.concat(
            manifests.all(KafkaUser.class).stream().map(user -> user.getMetadata().getName()),
            Stream.of(cluster + "-cluster-ca-cert"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource
  void shouldNameOneClusterEverywhere(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);

    assertThat(
            Stream.concat(
                    manifests.all(KafkaTopic.class).stream()
                        .map(topic -> topic.getMetadata().getLabels()),
                    manifests.all(KafkaUser.class).stream()
                        .map(user -> user.getMetadata().getLabels()))
                .map(labels -> labels.get("strimzi.io/cluster"))
                .distinct())
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void shouldSelectThePodsThatAreMeant(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    List<Workload> workloads = manifests.workloads();

    assertThat(manifests.all(Deployment.class))
        .allSatisfy(
            deployment ->
                assertChooses(
                    workloads,
                    deployment.getSpec().getSelector().getMatchLabels(),
                    deployment.getMetadata().getName()));
    assertThat(manifests.all(Service.class))
        .allSatisfy(
            service ->
                assertChooses(
                    workloads, service.getSpec().getSelector(), service.getMetadata().getName()));
    assertThat(manifests.all(PodDisruptionBudget.class))
        .hasSize(3)
        .allSatisfy(
            budget ->
                assertChooses(
                    workloads,
                    budget.getSpec().getSelector().getMatchLabels(),
                    budget.getMetadata().getName()));
  }

  private static void assertChooses(
      List<Workload> workloads, Map<String, String> selector, String name) {
    assertThat(workloads.stream().filter(workload -> workload.isChosenBy(selector)))
        .extracting(Workload::name)
        .containsExactly(name);
  }

  @ParameterizedTest
  @EnumSource
  void shouldScrapeEveryServer(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    PodMonitor monitor = manifests.all(PodMonitor.class).get(0);

    assertThat(manifests.workloads())
        .allMatch(w -> w.isChosenBy(monitor.getSpec().getSelector().getMatchLabels()));
    assertThat(servers(manifests))
        .allSatisfy(
            container ->
                assertThat(container.getPorts().get(0).getName())
                    .isEqualTo(monitor.getSpec().getPodMetricsEndpoints().get(0).getPort()));
  }
}
