package io.dimee.k8s.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Rectangle;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardsTest {
  private static final int COLUMNS = 24;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z]+)}?");

  static List<JsonNode> dashboards() {
    return Dashboards.read();
  }

  private static List<JsonNode> all(JsonNode dashboard) {
    return StreamSupport.stream(dashboard.path("panels").spliterator(), false).toList();
  }

  @Test
  void shouldHaveUidsOfTheirOwn() {
    assertThat(dashboards()).extracting(each -> each.path("uid").asText()).doesNotHaveDuplicates();
    assertThat(dashboards())
        .allSatisfy(each -> assertThat(each.path("uid").asText()).matches("[a-z0-9-]{1,40}"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldNumberPanelsUniquely(JsonNode dashboard) {
    assertThat(all(dashboard))
        .extracting(panel -> panel.path("id").asInt())
        .doesNotHaveDuplicates()
        .allMatch(id -> id > 0);
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldPlacePanelsBesideEachOther(JsonNode dashboard) {
    List<Rectangle> placed = new ArrayList<>();
    for (JsonNode panel : all(dashboard)) {
      JsonNode place = panel.path("gridPos");
      Rectangle rectangle =
          new Rectangle(
              place.required("x").asInt(),
              place.required("y").asInt(),
              place.required("w").asInt(),
              place.required("h").asInt());
      assertThat(rectangle.x + rectangle.width).isLessThanOrEqualTo(COLUMNS);
      assertThat(placed).as(panel.path("title").asText()).noneMatch(rectangle::intersects);
      placed.add(rectangle);
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldAskTheChosenDataSourceInEveryPanel(JsonNode dashboard) {
    assertThat(Dashboards.panels(dashboard))
        .allSatisfy(
            panel -> {
              assertThat(panel.path("targets")).as(panel.path("title").asText()).isNotEmpty();
              assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
              assertThat(panel.path("targets"))
                  .allSatisfy(
                      target -> {
                        assertThat(target.path("expr").asText()).isNotBlank();
                        assertThat(target.at("/datasource/uid").asText())
                            .isEqualTo("${datasource}");
                      });
            });
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldSayInWhichUnitAndWhatFor(JsonNode dashboard) {
    assertThat(Dashboards.panels(dashboard))
        .allSatisfy(
            panel -> {
              assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                  .as(panel.path("title").asText())
                  .isNotEmpty();
              assertThat(panel.path("description").asText()).isNotEmpty();
            });
  }

  /** An idle pipeline would show NaN. */
  @Test
  void shouldDivideByNothingThatMayBeZero() {
    assertThat(Dashboards.expressions())
        .filteredOn(expression -> expression.contains(" / "))
        .isNotEmpty()
        .allMatch(
            expression ->
                expression.matches("[^/]* / (on \\(\\) group_left \\(\\) )?\\([^/]* > 0\\)"));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void shouldUseEveryVariableAndNoOther(JsonNode dashboard) {
    Set<String> defined =
        StreamSupport.stream(dashboard.at("/templating/list").spliterator(), false)
            .map(variable -> variable.path("name").asText())
            .collect(Collectors.toSet());
    Set<String> used =
        VARIABLE
            .matcher(dashboard.path("panels").toString())
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());

    assertThat(used).isEqualTo(defined);
  }
}
