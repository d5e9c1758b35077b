package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonPatchTest {
  private final Yaml yaml = new Yaml();

  private JsonNode patched(String operations) throws IOException {
    ObjectNode document = (ObjectNode) yaml.value("{name: a, list: [{name: x}, {name: y}]}");
    JsonPatch.apply(yaml.value(operations), document);
    return document;
  }

  @Test
  void shouldInsertIntoAListBeforeThePlaceThatIsNamed() throws IOException {
    assertThat(patched("[{op: add, path: /list/1, value: {name: z}}]"))
        .isEqualTo(yaml.value("{name: a, list: [{name: x}, {name: z}, {name: y}]}"));
  }

  @Test
  void shouldReplaceWhereATestHolds() throws IOException {
    assertThat(
            patched(
                "[{op: test, path: /list/0/name, value: x}, {op: replace, path: /list/0, value: 1}]"))
        .isEqualTo(yaml.value("{name: a, list: [1, {name: y}]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{op: test, path: /list/0/name, value: y}]",
        "[{op: test, path: /list/2/name, value: y}]",
        "[{op: replace, path: /list/2, value: 1}]",
        "[{op: replace, path: /other, value: 1}]",
        "[{op: add, path: /list/3, value: 1}]",
        "[{op: add, path: /other/name, value: 1}]",
        "[{op: remove, path: /name, value: 1}]"
      })
  void shouldRefuseWhatCannotBeDone(String operations) {
    assertThatThrownBy(() -> patched(operations)).isInstanceOf(IllegalArgumentException.class);
  }
}
