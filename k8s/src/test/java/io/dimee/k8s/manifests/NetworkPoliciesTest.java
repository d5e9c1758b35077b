package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkPoliciesTest {
  /** And OpenShift's. */
  private static final Set<Integer> DNS = Set.of(53, 5353);

  private static final Set<String> NAMESPACES_OF_OTHERS =
      Set.of("kube-system", "openshift-dns", "registry", "monitoring", "observability");

  private static Stream<Integer> ports(Stream<List<NetworkPolicyPort>> lists) {
    return lists.flatMap(List::stream).map(NetworkPolicyPort::getPort).map(IntOrString::getIntVal);
  }

  private static Set<Integer> egress(Manifests manifests) {
    return ports(
            manifests.all(NetworkPolicy.class).stream()
                .flatMap(policy -> policy.getSpec().getEgress().stream())
                .map(NetworkPolicyEgressRule::getPorts))
        .collect(Collectors.toSet());
  }

  private static Set<Integer> ingress(Manifests manifests) {
    return ports(
            manifests.all(NetworkPolicy.class).stream()
                .flatMap(policy -> policy.getSpec().getIngress().stream())
                .map(NetworkPolicyIngressRule::getPorts))
        .collect(Collectors.toSet());
  }

  private static Set<Integer> listening(Manifests manifests) {
    return manifests.workloads().stream()
        .flatMap(workload -> workload.containers().stream())
        .flatMap(container -> container.getPorts().stream())
        .map(ContainerPort::getContainerPort)
        .collect(Collectors.toSet());
  }

  /** Where the options send the processes. */
  private static Set<Integer> asked(Manifests manifests) throws IOException {
    Properties options = new Properties();
    for (String text :
        manifests.all(ConfigMap.class).stream()
            .map(map -> map.getData().get("dimee.properties"))
            .filter(Objects::nonNull)
            .toList()) {
      options.load(new StringReader(text));
    }
    Set<Integer> ports = new HashSet<>(DNS);
    ports.add(Integer.valueOf(options.getProperty("bootstrap-servers").replaceAll(".*:", "")));
    String registry = options.getProperty("schema-registry-url");
    if (registry != null) {
      ports.add(URI.create(registry).getPort());
    }
    manifests.workloads().stream()
        .flatMap(workload -> workload.variables().stream())
        .filter(variable -> variable.getName().equals("OTEL_EXPORTER_OTLP_ENDPOINT"))
        .forEach(variable -> ports.add(URI.create(variable.getValue()).getPort()));
    return ports;
  }

  /** The other side of everything that is allowed. */
  private static List<NetworkPolicyPeer> peers(Manifests manifests) {
    return manifests.all(NetworkPolicy.class).stream()
        .map(NetworkPolicy::getSpec)
        .flatMap(
            spec ->
                Stream.concat(
                    spec.getIngress().stream().flatMap(rule -> rule.getFrom().stream()),
                    spec.getEgress().stream().flatMap(rule -> rule.getTo().stream())))
        .toList();
  }

  /** Pods that are not of these manifests: Strimzi's, and those of whoever asks the ledger. */
  private static Set<Map<String, String>> podsOfOthers(Manifests manifests) {
    String cluster =
        manifests.all(KafkaTopic.class).get(0).getMetadata().getLabels().get("strimzi.io/cluster");
    return Set.of(
        Map.of("strimzi.io/cluster", cluster, "strimzi.io/kind", "Kafka"),
        Map.of("dimee-ledger-client", "true"));
  }

  @ParameterizedTest
  @EnumSource
  void shouldSelectPodsAndNamespacesThatThereAre(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    List<Map<String, String>> selectors =
        Stream.concat(
                manifests.all(NetworkPolicy.class).stream()
                    .map(policy -> policy.getSpec().getPodSelector()),
                peers(manifests).stream().map(NetworkPolicyPeer::getPodSelector))
            .filter(Objects::nonNull)
            .map(LabelSelector::getMatchLabels)
            .toList();

    assertThat(selectors).containsAll(podsOfOthers(manifests));
    assertThat(selectors)
        .filteredOn(selector -> !podsOfOthers(manifests).contains(selector))
        .isNotEmpty()
        .doesNotContain(Map.of())
        .allMatch(selector -> manifests.workloads().stream().anyMatch(w -> w.isChosenBy(selector)));
    assertThat(peers(manifests))
        .extracting(NetworkPolicyPeer::getNamespaceSelector)
        .filteredOn(Objects::nonNull)
        .flatExtracting(selector -> selector.getMatchLabels().values())
        .isNotEmpty()
        .isSubsetOf(NAMESPACES_OF_OTHERS);
  }

  @ParameterizedTest
  @EnumSource
  void shouldDenyAllAndOpenWhatIsUsedAndNoMore(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    Set<Integer> asked = asked(manifests);
    Set<Integer> own = listening(manifests);

    assertThat(ingress(manifests)).isEqualTo(own);
    asked.addAll(own);
    assertThat(egress(manifests)).isEqualTo(asked);
    assertThat(manifests.all(NetworkPolicy.class))
        .filteredOn(policy -> policy.getMetadata().getName().equals("dimee-deny"))
        .singleElement()
        .satisfies(
            policy -> {
              assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
              assertThat(policy.getSpec().getIngress()).isEmpty();
              assertThat(policy.getSpec().getEgress()).isEmpty();
              assertThat(manifests.workloads())
                  .allMatch(w -> w.isChosenBy(policy.getSpec().getPodSelector().getMatchLabels()));
            });
  }
}
