package io.dimee.inference.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostModelTest {
  private final CostModel model = new CostModel(Prices.DEFAULT, 12);

  @Test
  void shouldChargeTheDefaultPrices() {
    assertThat(model.cloudOnly(100)).isEqualTo(17);
    assertThat(model.compute(Tier.MOBILE, 3, 1)).isEqualTo(3);
    assertThat(model.offload(Tier.MOBILE, Tier.EDGE, 10_000)).isEqualTo(3);
    assertThat(model.offload(Tier.EDGE, Tier.CLOUD, 10_000)).isEqualTo(3);
    assertThat(model.offload(Tier.MOBILE, Tier.CLOUD, 10_000)).isEqualTo(5);
    assertThat(model.offload(Tier.EDGE, Tier.EDGE, 10_000)).isZero();
  }

  @Test
  void shouldChargeBytesExitsAndTierPricesWhenTheyAreSwitchedOn() {
    // Given
    Prices prices = new Prices(new Prices.Layer(2, 1, 0.5), 0.25, new Prices.Offload(1, 1, 1), 4);
    CostModel priced = new CostModel(prices, 12);

    // Then
    assertThat(priced.compute(Tier.MOBILE, 3, 2)).isEqualTo(6.5);
    assertThat(priced.offload(Tier.MOBILE, Tier.EDGE, 2_048)).isEqualTo(9);
    assertThat(priced.cloudOnly(512)).isEqualTo(1 + 2 + 6 + 0.25);
  }

  @Test
  void shouldRefuseToOffloadOutwards() {
    assertThatThrownBy(() -> model.offload(Tier.CLOUD, Tier.EDGE, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void shouldRefusePricesThatAreNone(double price) {
    assertThatThrownBy(() -> new Prices.Layer(1, price, 1))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("layer.edge=" + price);
  }
}
