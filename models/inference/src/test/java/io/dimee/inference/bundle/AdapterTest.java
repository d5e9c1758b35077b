package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.onnx.TinyEncoder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdapterTest {
  private static final String BIAS = "encoder.layer.0.output.dense.bias";

  private final Backbone backbone = Backbone.load(TinyEncoder.NAME);

  @Test
  void shouldReplaceWhatTheDifferenceHoldsAndKeepTheRest() {
    // Given
    int hidden = backbone.architecture().hidden();
    Tensor own = Tensor.of(new float[hidden], hidden);

    // When
    Adapter adapter = new Adapter(backbone, Map.of(BIAS, own));

    // Then
    String other = "encoder.layer.1.output.dense.bias";
    assertThat(adapter.weight(BIAS)).isSameAs(own);
    assertThat(adapter.weight(other).values()).isEqualTo(backbone.weight(other).values());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encoder.layer.4.output.dense.bias",
        "encoder.layer.0.output.dens.weight.delta_codes",
        "pooler",
      })
  void shouldRefuseATensorThatWouldChangeNothing(String name) {
    assertThatThrownBy(() -> new Adapter(backbone, Map.of(name, Tensor.of(new float[1], 1))))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining(name);
  }
}
