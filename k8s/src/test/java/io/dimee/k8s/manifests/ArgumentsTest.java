package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.cli.Dimee;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine.ParseResult;

/** The command line that each container gets, with the files that it finds, in the real parser. */
class ArgumentsTest {
  private static final String IP = "10.0.0.1";

  @TempDir Path root;

  /** Lays the ConfigMaps where the container's mounts say, below a folder. */
  private void mount(Manifests manifests, Workload workload, Container container)
      throws IOException {
    for (VolumeMount mount : container.getVolumeMounts()) {
      String map =
          workload.pod().getVolumes().stream()
              .filter(volume -> volume.getName().equals(mount.getName()))
              .filter(volume -> volume.getConfigMap() != null)
              .map(volume -> volume.getConfigMap().getName())
              .findFirst()
              .orElse(null);
      if (map == null) {
        continue;
      }
      Path folder = Files.createDirectories(inRoot(mount.getMountPath()));
      for (Map.Entry<String, String> file : data(manifests, map).entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }
  }

  private static Map<String, String> data(Manifests manifests, String map) {
    return manifests.all(ConfigMap.class).stream()
        .filter(any -> any.getMetadata().getName().equals(map))
        .findFirst()
        .orElseThrow()
        .getData();
  }

  private Path inRoot(String path) {
    return root.resolve(path.substring(1));
  }

  /** What a kubelet puts in place of the pod's fields. */
  private static String expanded(String argument, Container container, String namespace) {
    Map<String, String> fields = Map.of("status.podIP", IP, "metadata.namespace", namespace);
    String expanded = argument;
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValueFrom() != null) {
        String field = variable.getValueFrom().getFieldRef().getFieldPath();
        expanded =
            expanded.replace(
                "$(%s)".formatted(variable.getName()), Objects.requireNonNull(fields.get(field)));
      }
    }
    return expanded;
  }

  private ParseResult parsed(Manifests manifests, Workload workload, Container container)
      throws IOException {
    mount(manifests, workload, container);
    String namespace = manifests.all(Service.class).get(0).getMetadata().getNamespace();
    List<String> arguments =
        container.getArgs().stream()
            .map(argument -> expanded(argument, container, namespace))
            .map(argument -> argument.startsWith("/etc/") ? inRoot(argument).toString() : argument)
            .toList();
    assertThat(arguments).as(workload.name()).noneMatch(argument -> argument.contains("$("));
    return new Dimee(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), Map.of())
        .parse(arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource
  void shouldParseInTheRealCommandLine(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    for (Workload workload : manifests.workloads()) {
      for (Container container : workload.containers()) {
        assertThat(parsed(manifests, workload, container).subcommand())
            .as("%s %s", workload, container.getArgs())
            .isNotNull();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldAnswerToTheNamesOfTheServiceThatLeadsThere(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    assertThat(manifests.all(Service.class)).hasSize(2);
    for (Service service : manifests.all(Service.class)) {
      Workload workload =
          manifests.workloads().stream()
              .filter(any -> any.isChosenBy(service.getSpec().getSelector()))
              .findFirst()
              .orElseThrow();
      String name = service.getMetadata().getName();
      String inNamespace = name + "." + service.getMetadata().getNamespace();
      Container container = workload.containers().get(0);
      try (WebHosts server = WebHosts.of(parsed(manifests, workload, container))) {
        assertThat(
                List.of(
                    name,
                    inNamespace,
                    inNamespace + ".svc",
                    inNamespace + ".svc.cluster.local",
                    // by port-forward, by the ledger's others and by Prometheus
                    "127.0.0.1:8080",
                    IP + ":8082"))
            .allMatch(server::takes);
        assertThat(server.takes("elsewhere.example")).isFalse();
      }
    }
  }
}
