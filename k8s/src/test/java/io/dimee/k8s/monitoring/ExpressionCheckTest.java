package io.dimee.k8s.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionCheckTest {
  private final ExpressionCheck check =
      new ExpressionCheck(
          new Scrape(
              """
              # HELP dimee_answers_total Predictions
              # TYPE dimee_answers_total counter
              dimee_answers_total{depth="3",tier="edge"} 7.0
              # TYPE dimee_poll_age_seconds gauge
              dimee_poll_age_seconds{tier="edge"} 0.5
              # TYPE dimee_latency_seconds histogram
              dimee_latency_seconds_bucket{tier="edge",le="0.1"} 1
              dimee_latency_seconds_bucket{tier="edge",le="+Inf"} 2
              dimee_latency_seconds_count{tier="edge"} 2
              dimee_latency_seconds_sum{tier="edge"} 0.3
              # TYPE dimee_latency_seconds_max gauge
              dimee_latency_seconds_max{tier="edge"} 0.2
              """));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up{job=\"dimee\"} == 0",
        "sum by (tier) (rate(dimee_answers_total{namespace=~\"$namespace\"}[$__rate_interval]))",
        "histogram_quantile(0.99, sum by (le, tier) (rate(dimee_latency_seconds_bucket[5m]))) > 10",
        "1 - sum(rate(dimee_latency_seconds_sum[5m])) / sum(rate(dimee_latency_seconds_count[5m]))",
        "max by (instance) (dimee_poll_age_seconds) > 2 and on (tier) dimee_answers_total > 0",
        "absent(dimee_poll_age_seconds{tier=\"edge\"}) or absent(dimee_answers_total)",
        "clamp_min(sum(increase(dimee_answers_total{tier=\"$tier\"}[1h])), 1)"
      })
  void shouldFindNoProblemInWhatIsSound(String expression) {
    assertThat(check.problems(expression)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "rate(dimee_anwsers_total[5m]) | there is no dimee_anwsers_total",
        "dimee_answers_total and dimee_renamed | there is no dimee_renamed",
        "sum by (teir) (dimee_answers_total) | dimee_answers_total has no label teir",
        "dimee_answers_total > on (model) dimee_poll_age_seconds | dimee_answers_total has no label model",
        "dimee_answers_total{model=\"x\"} | dimee_answers_total has no label model",
        "dimee_answers_total{tier=\"egde\"} | dimee_answers_total has no tier=egde",
        "rate(dimee_poll_age_seconds[5m]) | dimee_poll_age_seconds is no counter",
        "rate(dimee_latency_seconds_max[5m]) | dimee_latency_seconds_max is no counter",
        "rate(dimee_answers_total) | dimee_answers_total: no range in rate",
        "dimee_answers_total[5m] | dimee_answers_total: a range without a rate",
        "histogram_quantile(0.9, dimee_poll_age_seconds) | dimee_poll_age_seconds is no histogram by le",
        "histogram_quantile(0.9, sum by (tier) (rate(dimee_latency_seconds_bucket[5m]))) | dimee_latency_seconds_bucket is no histogram by le",
        "sum(dimee_answers_total | '' instead of ')'",
        "deriv(dimee_poll_age_seconds[5m]) | '(' is too much",
        "dimee_answers_total; | ';' is not known"
      })
  void shouldFindWhatIsWrong(String expression, String problem) {
    assertThat(check.problems(expression)).first().asString().isEqualTo(problem);
  }

  @Test
  void shouldTakeTheGreatestValueOfATimerForAPartOfIt() {
    Scrape scrape =
        new Scrape(
            """
            # TYPE dimee_latency_seconds histogram
            # TYPE dimee_latency_seconds_max gauge
            # TYPE jvm_memory_max_bytes gauge
            """);

    assertThat(scrape.families("dimee_")).containsExactly("dimee_latency_seconds");
  }
}
