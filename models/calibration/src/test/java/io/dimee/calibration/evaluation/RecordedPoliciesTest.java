package io.dimee.calibration.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.data.Score;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.PairedDrop;
import io.dimee.calibration.fit.PredictorFit;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pool;
import io.dimee.inference.bundle.Pools;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import io.dimee.inference.routing.PathCosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Three tiers of two layers each; three rows whose ways can be followed by hand. */
class RecordedPoliciesTest {
  private static final TierDepths TIERS = new TierDepths(2, 4, 6);
  private static final PathCosts COSTS = PathCosts.of(TIERS, Prices.DEFAULT, 768);
  private static final float[] SURE_0 = {9, 0};
  private static final float[] SURE_1 = {0, 9};
  private static final float[] UNSURE_0 = {0.2f, 0};
  private static final float[] UNSURE_1 = {0, 0.2f};

  /** Row 0 is sure and right at once; row 1 is sure and wrong at 4; row 2 is sure at 6 only. */
  private static final ExitOutputs OUTPUTS =
      new ExitOutputs(
          new float[][][] {
            {SURE_1, UNSURE_1, UNSURE_1},
            {SURE_1, UNSURE_1, UNSURE_0},
            {SURE_1, UNSURE_0, UNSURE_1},
            {SURE_1, SURE_0, UNSURE_0},
            {SURE_1, SURE_0, UNSURE_0},
            {SURE_1, SURE_1, SURE_0}
          },
          new float[][] {{0, 0}, {1, 0}, {0, 1}},
          new int[] {1, 1, 0},
          new int[] {10, 10, 10});

  private static final List<Exit> EXITS =
      List.of(new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(4, 1, 0.9), new Exit(6, 1, 0));

  private final RecordedPolicies recorded = new RecordedPolicies(OUTPUTS, COSTS);

  /** Row 0 easy, row 1 medium, row 2 hard. */
  private static Pools pools() {
    return new Pools(
        Map.of(
            Pool.EASY, new float[] {0, 0},
            Pool.MEDIUM, new float[] {1, 0},
            Pool.HARD, new float[] {0, 1}));
  }

  private static void assertCost(PolicyOutcome outcome, double... rows) {
    double sum = 0;
    for (double row : rows) {
      sum += row;
    }
    assertThat(outcome.cost()).isCloseTo(sum / rows.length, within(1e-9));
  }

  @Test
  void shouldAskWordsAloneBeforeAnEventBeginsAnywhere() {
    // Given words that are sure of row 2 alone, which the pools send to the cloud
    ExitOutputs withWords =
        new ExitOutputs(
            OUTPUTS.logits(),
            OUTPUTS.embeddings(),
            OUTPUTS.labels(),
            OUTPUTS.tokens(),
            new float[][] {UNSURE_0, UNSURE_0, SURE_0});
    List<Exit> exits = new ArrayList<>(EXITS);
    exits.add(0, new Exit(Exit.WORDS, 1, 0.9));
    RecordedPolicies policies = new RecordedPolicies(withWords, COSTS);

    // When
    PolicyOutcome cascade = policies.cascade(exits);
    PolicyOutcome pools = policies.pools(exits, pools());

    // Then every row pays for being asked, and row 2 for nothing else
    assertCost(cascade, 0.05 + 1, 0.05 + 2 + 3 + 2, 0.05);
    assertCost(pools, 0.05 + 1, 0.05 + 3 + 4, 0.05);
    assertThat(cascade.answers()).containsExactly(1, 0, 0);
    assertThat(pools.answers()).containsExactly(1, 0, 0);
    assertCost(policies.only(Tier.CLOUD), 11, 11, 11);
  }

  @Test
  void shouldFollowTheCascade() {
    // When
    PolicyOutcome outcome = recorded.cascade(EXITS);

    // Then row 0 stops at 1, row 1 at 4, row 2 at 6
    assertCost(outcome, 1, 2 + 3 + 2, 2 + 3 + 2 + 3 + 2);
    assertThat(outcome.answers()).containsExactly(1, 0, 0);
    assertThat(outcome.drop()).isEqualTo(new PairedDrop(3, 1, 0));
    assertThat(outcome.answered()).containsExactly(1 / 3d, 1 / 3d, 1 / 3d);
    assertThat(outcome.started()).containsExactly(1d, 0d, 0d);
    assertThat(outcome.cloudOnlyCost()).isEqualTo(5 + 6);
    assertThat(outcome.layers()).isCloseTo((1 + 4 + 6) / 3d, within(1e-9));
  }

  @Test
  void shouldFollowOneTierAlone() {
    assertCost(recorded.only(Tier.MOBILE), 2, 2, 2);
    assertCost(recorded.only(Tier.EDGE), 7, 7, 7);
    assertCost(recorded.only(Tier.CLOUD), 11, 11, 11);
    assertThat(recorded.only(Tier.CLOUD).costReduction()).isZero();
    assertThat(recorded.only(Tier.CLOUD).score(Score.ACCURACY)).isEqualTo(1);
  }

  @Test
  void shouldStartInPools() {
    // row 1 starts on the edge, row 2 in the cloud; the answers are the cascade's
    PolicyOutcome outcome = recorded.pools(EXITS, pools());
    assertCost(outcome, 1, 3 + 4, 5 + 6);
    assertThat(outcome.answers()).isEqualTo(recorded.cascade(EXITS).answers());
    assertThat(outcome.started()).containsExactly(1 / 3d, 1 / 3d, 1 / 3d);
  }

  @Test
  void shouldFollowThePaper() {
    // exits only where tiers end, and none before the tier where an event starts
    PolicyOutcome outcome = recorded.dimee(EXITS, 0.9, pools());
    assertCost(outcome, 2, 3 + 4, 5 + 6);
    assertThat(outcome.answers()).containsExactly(1, 0, 0);
  }

  @Test
  void shouldFollowOtherPapers() {
    // entropy: a confidence of 0.9999 has little, one of 0.55 nearly ln 2
    assertCost(recorded.entropy(0.1), 1, 7, 12);
    assertCost(recorded.entropy(0), 12, 12, 12);
    // patience of one: the first two exits in a row that agree; row 2 at 5
    assertCost(recorded.patience(1), 2, 2, 2 + 3 + 2 + 3 + 1);
    assertThat(recorded.patience(1).answers()).containsExactly(1, 1, 0);
  }

  @Test
  void shouldBoundExitRulesByTheOracle() {
    // row 2 is right at 2
    assertCost(recorded.oracle(), 1, 1, 2);
    assertThat(recorded.oracle().score(Score.ACCURACY)).isEqualTo(1);
  }

  @Test
  void shouldBoundRoutersByPerfectRouting() {
    // row 2: the cloud at once costs 11, the cascade 12
    PolicyOutcome perfect = recorded.perfectRouting(EXITS);
    assertCost(perfect, 1, 7, 11);
    assertThat(perfect.answers()).isEqualTo(recorded.cascade(EXITS).answers());
  }

  @Test
  void shouldDrawTheSameStartsForASeed() {
    List<Double> shares = List.of(0.2, 0.3, 0.5);
    assertThat(recorded.random(EXITS, shares, 1).started())
        .isEqualTo(recorded.random(EXITS, shares, 1).started());
    assertCost(recorded.random(EXITS, List.of(0d, 0d, 1d), 1), 5 + 1, 5 + 4, 5 + 6);
  }

  @Test
  void shouldRouteByPrediction() {
    // Given a predictor that is fitted to what the exits do on many such rows
    TierPredictor predictor = PredictorFit.fit(OUTPUTS, EXITS, TIERS);

    // When mobile layers are dear
    Prices dear = new Prices(new Prices.Layer(9, 1, 1), 0, new Prices.Offload(3, 3, 5), 0);
    RecordedPolicies dearPolicies = new RecordedPolicies(OUTPUTS, PathCosts.of(TIERS, dear, 768));
    PolicyOutcome adaptive = dearPolicies.adaptive(EXITS, predictor);

    // Then nothing starts there, and the answers are the cascade's
    assertThat(adaptive.started().get(0)).isZero();
    assertThat(adaptive.answers()).isEqualTo(recorded.cascade(EXITS).answers());
    assertThat(adaptive.cost()).isLessThan(dearPolicies.cascade(EXITS).cost());
    assertThat(adaptive.cost()).isGreaterThanOrEqualTo(dearPolicies.perfectRouting(EXITS).cost());
  }
}
