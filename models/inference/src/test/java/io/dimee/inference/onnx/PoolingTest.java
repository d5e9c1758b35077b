package io.dimee.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.tokenizer.TokenizedText;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class PoolingTest {
  private static final TokenizedText PAIR = new TokenizedText(new int[] {1, 2, 3, 4, 5}, 3, false);
  private static final TokenizedText SINGLE = new TokenizedText(new int[] {1, 2}, 2, false);

  private static float[] matrix(Pooling pooling, TokenizedText text) {
    FloatBuffer buffer = FloatBuffer.wrap(new float[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
    pooling.write(text, 6, buffer, 1);
    return buffer.array();
  }

  @Test
  void shouldAverageAllTokens() {
    assertThat(matrix(Pooling.ALL, PAIR))
        .containsExactly(9, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0, 9, 9, 9, 9, 9, 9, 9);
  }

  @Test
  void shouldAverageEachTextOfAPair() {
    float third = 1f / 3;
    assertThat(matrix(Pooling.BY_TEXT, PAIR))
        .containsExactly(9, third, third, third, 0, 0, 0, 0, 0, 0, 0.5f, 0.5f, 0, 9);
  }

  @Test
  void shouldGiveZeroForAMissingText() {
    assertThat(matrix(Pooling.BY_TEXT, SINGLE))
        .containsExactly(9, 0.5f, 0.5f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9);
  }

  @Test
  void shouldFollowFromTheExitsShape() {
    // Given
    int hidden = 16;

    // Then
    assertThat(Pooling.of(Tensor.of(new float[2 * hidden], 1, hidden, 2), hidden))
        .isEqualTo(Pooling.ALL);
    assertThat(Pooling.of(Tensor.of(new float[8 * hidden], 1, 4 * hidden, 2), hidden))
        .isEqualTo(Pooling.BY_TEXT);
    assertThatThrownBy(() -> Pooling.of(Tensor.of(new float[4 * hidden], 1, 2 * hidden, 2), hidden))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("neither one text nor a pair");
  }
}
