package io.dimee.k8s.manifests;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What runs pods. */
record Workload(String name, PodTemplateSpec template) {
  PodSpec pod() {
    return template.getSpec();
  }

  Map<String, String> labels() {
    return template.getMetadata().getLabels();
  }

  List<Container> containers() {
    return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream())
        .toList();
  }

  /** Of all its containers. */
  List<EnvVar> variables() {
    return containers().stream().flatMap(container -> container.getEnv().stream()).toList();
  }

  boolean isChosenBy(Map<String, String> selector) {
    return labels().entrySet().containsAll(selector.entrySet());
  }

  /** The value that follows an option, or null. */
  static String argument(Container container, String option) {
    int at = container.getArgs().indexOf(option);
    return at < 0 ? null : container.getArgs().get(at + 1);
  }

  @Override
  public String toString() {
    return name;
  }
}
