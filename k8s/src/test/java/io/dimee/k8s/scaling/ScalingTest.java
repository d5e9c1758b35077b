package io.dimee.k8s.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScalingTest {
  /** The load changes twice. */
  private static final int LOAD_CHANGES = 2;

  private Scenario scenario;
  private List<Simulation.Second> seconds;

  @BeforeEach
  void run() throws IOException {
    scenario = Scenario.load();
    seconds = scenario.run(scenario.rule());
  }

  @Test
  void shouldTurnAtMostOnceForEachChangeOfTheLoad() {
    assertThat(Simulation.turns(seconds)).isLessThanOrEqualTo(LOAD_CHANGES);
  }

  @Test
  void shouldFlapByLagAlone() throws IOException {
    assertThat(Simulation.turns(scenario.run(scenario.rule().byLagAlone())))
        .as("why the use of the CPU counts too")
        .isGreaterThan(LOAD_CHANGES);
  }

  @Test
  void shouldDrainWithinThreeMinutesAndStayEmpty() throws IOException {
    int threshold = scenario.rule().lagThreshold();
    Simulation.Second drained = Simulation.drained(seconds, threshold);

    assertThat(drained.second() - Scenario.LOUD_FROM).isLessThanOrEqualTo(180);
    assertThat(seconds)
        .filteredOn(second -> second.second() > drained.second())
        .allMatch(second -> second.lag() < 2.0 * threshold);
  }

  @Test
  void shouldComeBackToWhatThereWasBeforeTheLoad() {
    assertThat(seconds.get(seconds.size() - 1).pods())
        .isEqualTo(seconds.get(Scenario.LOUD_FROM - 1).pods());
  }

  @Test
  void shouldStayWithinTheLimits() throws IOException {
    ScalingRule rule = scenario.rule();

    assertThat(seconds)
        .allMatch(second -> second.pods() >= rule.least() && second.pods() <= rule.most());
  }

  /** Otherwise the picture beside them is of other rules, too. */
  @Test
  void shouldBeWhatThePageSays() throws IOException {
    int drained = Simulation.drained(seconds, scenario.rule().lagThreshold()).second();

    assertThat(Files.readString(Path.of("../docs/kubernetes.md")))
        .contains(
            String.format(
                Locale.ROOT,
                "The lag is at most %,.0f tasks and is gone %d s after the load rose",
                Simulation.peak(seconds).lag(),
                drained - Scenario.LOUD_FROM));
  }
}
