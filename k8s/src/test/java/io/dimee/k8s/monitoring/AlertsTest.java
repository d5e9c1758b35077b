package io.dimee.k8s.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertsTest {
  private static final Pattern HEADING = Pattern.compile("(?m)^### (Dimee\\w+)$");

  static List<JsonNode> rules() {
    return Alerts.rules();
  }

  @Test
  void shouldBeTheSameInComposeAndOnKubernetes() {
    assertThat(Alerts.ofKubernetes()).isNotEmpty().isEqualTo(Alerts.ofCompose());
  }

  @Test
  void shouldHaveNamesOfTheirOwn() {
    assertThat(rules()).extracting(rule -> rule.path("alert").asText()).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldSayHowSevereItIsAndWhatToDo(JsonNode rule) {
    String name = rule.path("alert").asText();

    assertThat(rule.path("for").asText()).matches("\\d+[smh]");
    assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
    assertThat(rule.at("/annotations/summary").asText()).isNotEmpty();
    assertThat(rule.at("/annotations/description").asText()).isNotEmpty();
    assertThat(rule.at("/annotations/runbook").asText())
        .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
  }

  @Test
  void shouldEachBeExplained() throws IOException {
    Set<String> explained =
        HEADING
            .matcher(Files.readString(OperationsPage.FILE))
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());

    assertThat(rules())
        .extracting(rule -> rule.path("alert").asText())
        .containsExactlyInAnyOrderElementsOf(explained);
  }
}
