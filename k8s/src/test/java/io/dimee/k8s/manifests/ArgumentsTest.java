package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.deploy.cli.Dimee;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command line that each container gets, with the files that it finds, in the real parser. */
class ArgumentsTest {
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

  @ParameterizedTest
  @EnumSource
  void shouldParseInTheRealCommandLine(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    Dimee dimee =
        new Dimee(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), Map.of());
    for (Workload workload : manifests.workloads()) {
      for (Container container : workload.containers()) {
        mount(manifests, workload, container);
        List<String> arguments =
            container.getArgs().stream()
                .map(argument -> argument.replace("$(POD_IP)", "10.0.0.1"))
                .map(
                    argument ->
                        argument.startsWith("/etc/") ? inRoot(argument).toString() : argument)
                .toList();

        assertThat(dimee.parse(arguments.toArray(String[]::new)).subcommand())
            .as("%s %s", workload, arguments)
            .isNotNull();
      }
    }
  }
}
