package io.dimee.lab.whatif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.topology.cluster.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatIfCostsTest {
  /** Answered rightly on the edge; the mobile exit was wrong and not confident enough. */
  private static final String EDGE =
      """
      {"id":"a","label":1,"gold":1,"policy":"cascade","exit_depth":6,"model_id":"m@1",
       "cost":{"compute":6,"offload":3,"total":9,"cloud_only":17},
       "hops":[
        {"tier":"mobile","from_depth":0,"to_depth":3,"bytes_in":0,
         "exits":[{"depth":2,"label":0,"confidence":0.6},{"depth":3,"label":0,"confidence":0.8}]},
        {"tier":"edge","from_depth":3,"to_depth":6,"bytes_in":2048,
         "exits":[{"depth":6,"label":1,"confidence":0.95}]}]}
      """;

  @TempDir Path directory;

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }

  private static WhatIfCosts costs(Prices prices, Thresholds thresholds) {
    return new WhatIfCosts(prices, TierDepths.PAPER, Optional.ofNullable(thresholds));
  }

  @Test
  void shouldRepeatTheRecordedCostAtTheSamePrices() throws Exception {
    // When
    WhatIfCosts costs = costs(Prices.DEFAULT, null);
    costs.add(json(EDGE));

    // Then
    WhatIfCosts.Result result = costs.result();
    assertThat(result.costBefore()).isEqualTo(9);
    assertThat(result.costAfter()).isEqualTo(9);
    assertThat(result.cloudOnly()).isEqualTo(17);
    assertThat(result.accuracyBefore()).isEqualTo(1);
    assertThat(result.share()).containsEntry("edge", 1d).containsEntry("mobile", 0d);
    assertThat(result.cloudOnlyLacksBytes()).isFalse();
  }

  @Test
  void shouldPriceWhatAskingWordsAloneCost() throws Exception {
    // Given the same, after the router has asked exit 0, whose price is another now
    Prices prices = new Prices(new Prices.Layer(1, 1, 1), 0, new Prices.Offload(3, 3, 5), 0, 0.2);
    String asked =
        EDGE.replace(
            "\"hops\":[",
            """
            "hops":[{"tier":"mobile","from_depth":0,"to_depth":0,"bytes_in":0,
              "exits":[{"depth":0,"label":1,"confidence":0.7}]},""");

    // When
    WhatIfCosts costs = costs(prices, null);
    costs.add(json(asked));
    WhatIfCosts cut = costs(prices, new Thresholds(Map.of(0, List.of(0.6), 6, List.of(0.9))));
    cut.add(json(asked));

    // Then
    assertThat(costs.result().costAfter()).isCloseTo(9.2, within(1e-9));
    assertThat(cut.result().costAfter()).isCloseTo(0.2, within(1e-9));
    assertThat(cut.result().accuracyAfter()).isEqualTo(1);
  }

  @Test
  void shouldPriceLayersExitsHopsAndBytesAnew() throws Exception {
    // Given
    Prices prices = new Prices(new Prices.Layer(2, 3, 1), 0.5, new Prices.Offload(10, 1, 1), 0.25);

    // When
    WhatIfCosts costs = costs(prices, null);
    costs.add(json(EDGE));

    // Then 3 * 2 + 3 * 3, three exits, one hop of two kibibytes
    assertThat(costs.result().costAfter()).isCloseTo(15 + 1.5 + 10 + 0.5, within(1e-9));
    assertThat(costs.result().cloudOnlyLacksBytes()).isTrue();
  }

  @Test
  void shouldCutAWayAtTheFirstExitThatWouldHaveAnswered() throws Exception {
    // When the mobile exit's threshold falls below what it said
    WhatIfCosts costs =
        costs(Prices.DEFAULT, new Thresholds(Map.of(3, List.of(0.8), 6, List.of(0.9))));
    costs.add(json(EDGE));

    // Then it answers, wrongly
    WhatIfCosts.Result result = costs.result();
    assertThat(result.costAfter()).isEqualTo(3);
    assertThat(result.accuracyBefore()).isEqualTo(1);
    assertThat(result.accuracyAfter()).isZero();
    assertThat(result.share()).containsEntry("mobile", 1d);
  }

  @Test
  void shouldLeaveOutWhatWouldHaveGoneDeeper() throws Exception {
    // When no recorded exit is confident enough
    WhatIfCosts costs = costs(Prices.DEFAULT, new Thresholds(Map.of(6, List.of(0.99))));
    costs.add(json(EDGE));
    costs.add(json(EDGE.replace("0.95", "0.995")));

    // Then
    WhatIfCosts.Result result = costs.result();
    assertThat(result.events()).isEqualTo(2);
    assertThat(result.followed()).isEqualTo(1);
    assertThat(result.beyond()).isEqualTo(1);
    assertThat(result.costAfter()).isEqualTo(9);
  }

  @Test
  void shouldKeepAnswersOfTheLastExitAndOfSingleTiers() throws Exception {
    // Given thresholds that nothing passes
    WhatIfCosts costs = costs(Prices.DEFAULT, new Thresholds(Map.of(6, List.of(0.999))));

    // When
    costs.add(json(EDGE.replace("cascade", "edge-only")));
    costs.add(
        json(
            EDGE.replace("\"exit_depth\":6", "\"exit_depth\":12")
                .replace("\"to_depth\":6", "\"to_depth\":12")));

    // Then
    assertThat(costs.result().followed()).isEqualTo(2);
    assertThat(costs.result().costAfter()).isEqualTo((9 + 15) / 2d);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hops", "exit_depth", "label", "total", "from_depth", "bytes_in", "tier"})
  void shouldNameWhatIsMissingAndCountNothing(String key) throws Exception {
    // Given
    WhatIfCosts costs = costs(Prices.DEFAULT, null);
    JsonNode damaged = json(EDGE.replace("\"" + key + "\"", "\"other\""));

    // Then
    assertThatThrownBy(() -> costs.add(damaged))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("it has no " + key);
    assertThat(costs.result().events()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"3\":2}",
        "{\"3\":\"high\"}",
        "{\"three\":0.5}",
        "{\"0\":0.5}",
        "{\"3\":[]}",
        "{\"3\":[0.5,2]}"
      })
  void shouldRefuseThresholdsThatAreNone(String content) throws Exception {
    Path file = Files.writeString(directory.resolve("thresholds.json"), content);
    assertThatThrownBy(() -> Thresholds.read(file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("thresholds=" + file)
        .hasMessageContaining("valid: {\"3\": 0.95");
  }

  @Test
  void shouldReadThresholds() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("t.json"), "{\"3\": 0.95, \"5\": [0.9, 0.5], \"6\": 1}");
    Thresholds thresholds = Thresholds.read(file);
    assertThat(thresholds.answers(3, 1, 0.95)).isTrue();
    assertThat(thresholds.answers(3, 1, 0.9)).isFalse();
    assertThat(thresholds.answers(5, 0, 0.6)).as("each class has its own").isFalse();
    assertThat(thresholds.answers(5, 1, 0.6)).isTrue();
    assertThatThrownBy(() -> thresholds.answers(5, 2, 0.6))
        .hasMessage("label 2 has no threshold at depth 5");
    assertThat(thresholds.answers(6, 1, 1)).as("a threshold of 1 never answers").isFalse();
    assertThat(thresholds.answers(9, 1, 1)).as("nor does an exit without one").isFalse();
  }
}
