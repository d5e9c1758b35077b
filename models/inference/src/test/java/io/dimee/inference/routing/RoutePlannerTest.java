package io.dimee.inference.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Decisions by hand-made chances: exits where the paper's tiers end, ten tokens. */
class RoutePlannerTest {
  private static final Architecture ENCODER = Backbone.known(Backbone.NAMES.get(0)).orElseThrow();
  private static final int TOKENS = 10;
  private static final float[] EMBEDDING = new float[384];

  /** Logits of the mobile and the edge tier's chances; 0 is one in two. */
  private static TierPredictor predictor(double mobile, double edge) {
    float[] start = new float[386];
    start[0] = (float) mobile;
    float[] second = new float[386];
    second[0] = (float) edge;
    float[] next = {(float) edge, 0, 0};
    float[] depths = new float[12];
    depths[2] = 0.5f;
    depths[5] = 0.3f;
    depths[11] = 0.2f;
    return new TierPredictor(new TierPredictor.Weights(start, second, next, depths));
  }

  private static RoutePlanner planner(TierPredictor predictor, Prices prices) {
    return new RoutePlanner(
        predictor,
        new PathCosts(
            TierDepths.PAPER, TierDepths.PAPER.all(), new CostModel(prices, 12), 2 * 384));
  }

  private static Prices prices(double mobileLayer, double edgeLayer, double perKibibyte) {
    return new Prices(
        new Prices.Layer(mobileLayer, edgeLayer, 1), 0, new Prices.Offload(3, 3, 5), perKibibyte);
  }

  @Test
  void shouldStartOnTheMobileTierAtTheDefaultPrices() {
    // a mobile layer costs what a deeper tier's does, and no hop comes before it
    for (double logit : List.of(-8d, 0d, 8d)) {
      assertThat(planner(predictor(logit, 0), Prices.DEFAULT).start(EMBEDDING, TOKENS))
          .isEqualTo(Tier.MOBILE);
    }
  }

  @Test
  void shouldSkipADearMobileTierUnlessItIsLikelyToAnswer() {
    // depth 3 costs 4.5 on mobile and 3 + 3 on the edge; depth 6 costs 9 + 3 + 3 and 3 + 6
    assertThat(planner(predictor(8, 8), prices(1.5, 1, 0)).start(EMBEDDING, TOKENS))
        .isEqualTo(Tier.MOBILE);
    assertThat(planner(predictor(-8, 8), prices(3, 1, 0)).start(EMBEDDING, TOKENS))
        .isEqualTo(Tier.EDGE);
  }

  @Test
  void shouldStartInTheCloudWhatOnlyTheCloudCanAnswer() {
    // mobile then cloud: 3 * 2 + 5 + 9 = 20; cloud: 5 + 12 = 17
    assertThat(planner(predictor(-9, -9), prices(2, 1, 0)).start(EMBEDDING, TOKENS))
        .isEqualTo(Tier.CLOUD);
  }

  @Test
  void shouldGoWhereTheRestIsCheapest() {
    // edge: 3 + 3, and 3 + 6 more when it fails; cloud: 5 + 9
    assertThat(planner(predictor(0, 8), Prices.DEFAULT).next(Tier.MOBILE, 1, TOKENS))
        .isEqualTo(new RoutePlanner.Step(Tier.EDGE, true));
    assertThat(planner(predictor(0, -8), Prices.DEFAULT).next(Tier.MOBILE, 1, TOKENS))
        .isEqualTo(new RoutePlanner.Step(Tier.CLOUD, true));
    assertThat(planner(predictor(0, 8), Prices.DEFAULT).next(Tier.EDGE, 1, TOKENS))
        .isEqualTo(new RoutePlanner.Step(Tier.CLOUD, true));
  }

  @Test
  void shouldRestartWhereBytesCostMoreThanLayers() {
    // ten tokens' state is 7.5 KiB, three layers cost 3
    assertThat(planner(predictor(0, 8), prices(1, 1, 0.39)).next(Tier.MOBILE, 1, TOKENS))
        .isEqualTo(new RoutePlanner.Step(Tier.EDGE, true));
    assertThat(planner(predictor(0, 8), prices(1, 1, 0.41)).next(Tier.MOBILE, 1, TOKENS))
        .isEqualTo(new RoutePlanner.Step(Tier.EDGE, false));
  }

  @Test
  void shouldReadWhatABundleStores() {
    // Given
    TierPredictor predictor = predictor(1, -1);

    // When
    TierPredictor read = TierPredictor.of(predictor.tensors(), ENCODER);

    // Then
    TierPredictor.Chances chances = read.before(EMBEDDING, TOKENS);
    double mobile = 1 / (1 + Math.exp(-1));
    assertThat(chances.mobile()).isCloseTo(mobile, within(1e-6));
    assertThat(chances.edge()).isCloseTo((1 - mobile) * (1 - mobile), within(1e-6));
    assertThat(chances.mobile() + chances.edge() + chances.cloud()).isCloseTo(1, within(1e-9));
    assertThat(read.afterMobile(3, TOKENS)).isEqualTo(predictor.afterMobile(3, TOKENS));
  }

  @Test
  void shouldRefuseARouterOfAnotherShape() {
    Map<String, Tensor> tensors = predictor(0, 0).tensors();
    tensors.put("next.edge", Tensor.of(new float[2], 2));
    assertThatThrownBy(() -> TierPredictor.of(tensors, ENCODER))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("next.edge");
    tensors.remove("next.edge");
    assertThatThrownBy(() -> TierPredictor.of(tensors, ENCODER))
        .hasMessageContaining("router.safetensors lacks the tensor next.edge");
  }
}
