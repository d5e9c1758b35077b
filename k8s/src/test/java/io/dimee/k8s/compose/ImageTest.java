package io.dimee.k8s.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.deploy.cli.Dimee;
import io.dimee.inference.onnx.OnnxRuntime;
import io.dimee.k8s.manifests.Manifests;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a linter of Dockerfiles asks for, and what must agree with other files. */
class ImageTest {
  private static final Set<String> INSTRUCTIONS =
      Set.of("FROM", "ARG", "WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD");

  private final List<String[]> lines = new ArrayList<>();

  @BeforeEach
  void read() throws IOException {
    String text = Files.readString(Path.of("../deploy/Dockerfile")).replaceAll("\\\\\\R\\s*", "");
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> lines.add(line.split(" ", 2)));
  }

  private List<String> all(String instruction) {
    return lines.stream().filter(line -> line[0].equals(instruction)).map(line -> line[1]).toList();
  }

  private static String last(List<String> list) {
    return list.get(list.size() - 1);
  }

  @Test
  void shouldUseKnownInstructionsAlone() {
    assertThat(lines.stream().map(line -> line[0])).isSubsetOf(INSTRUCTIONS);
  }

  @Test
  void shouldNameTheVersionOfEveryImage() {
    assertThat(all("FROM"))
        .hasSize(2)
        .allMatch(from -> from.matches("[a-z-]+:\\d[\\w.-]+( AS \\w+)?"));
  }

  @Test
  void shouldRunAsTheUserOfTheManifests() {
    String user = last(all("USER"));

    assertThat(Manifests.ofProduction().all(Deployment.class))
        .hasSize(5)
        .map(any -> any.getSpec().getTemplate().getSpec().getSecurityContext())
        .allMatch(any -> user.equals(any.getRunAsUser() + ":" + any.getRunAsGroup()));
  }

  @Test
  void shouldStartTheProgramWithoutAShell() throws IOException {
    List<String> words =
        new ObjectMapper().readValue(last(all("ENTRYPOINT")), new TypeReference<>() {});

    assertThat(words).startsWith("java").endsWith(Dimee.class.getName());
    assertThat(words)
        .filteredOn(word -> word.startsWith("@"))
        .containsExactly("@/opt/dimee/jvm.options");
  }

  @Test
  void shouldLogWhatCollectorsReadInUtf8AndSendNoTelemetry() {
    Map<String, String> environment =
        all("ENV").stream()
            .map(variable -> variable.split("=", 2))
            .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));

    assertThat(environment)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("DIMEE_LOG_FORMAT", "json", "LC_ALL", "C.UTF-8", OnnxRuntime.NO_TELEMETRY, "1"));
  }

  @Test
  void shouldHaveOptionsOfTheJvmOneALine() throws IOException {
    try (Stream<String> options = Files.lines(Path.of("../deploy/image/jvm.options"))) {
      assertThat(options).allMatch(line -> line.matches("(#.*|-[^\\s]+)"));
    }
  }
}
