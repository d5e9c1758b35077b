package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KustomizeTest {
  private static Map<String, JsonNode> byName(List<ObjectNode> documents) {
    return documents.stream()
        .collect(
            Collectors.toMap(
                document -> document.path("kind").asText() + " " + document.at("/metadata/name"),
                Function.identity()));
  }

  private static String kubectl(Overlay overlay) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("kubectl", "kustomize", overlay.folder().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String rendered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return rendered;
  }

  private static boolean hasKubectl() throws InterruptedException {
    try {
      return new ProcessBuilder("kubectl", "version", "--client")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRenderAsKubectlDoes(Overlay overlay) throws Exception {
    assumeThat(hasKubectl()).as("there is a kubectl").isTrue();

    assertThat(byName(overlay.render())).isEqualTo(byName(new Yaml().parse(kubectl(overlay))));
  }
}
