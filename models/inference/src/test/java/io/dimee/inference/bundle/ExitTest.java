package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitTest {
  private static final float[] LOGITS = {1, 0};
  private static final float[] WORDS = {-1, 3};

  @Test
  void shouldAddWhatWordsSayToWhatItSays() {
    Exit exit = new Exit(3, 2, List.of(0.9), 0.5);

    // 1 - 0.5 and 0 + 1.5
    assertThat(exit.read(LOGITS, WORDS).probabilities())
        .containsExactly(exit.read(new float[] {0.5f, 1.5f}).probabilities());
    assertThat(exit.read(LOGITS, WORDS).label()).isEqualTo(1);
    assertThat(LOGITS).containsExactly(1, 0);
  }

  @Test
  void shouldReadTheEncoderAloneWhereWordsSaidNothingOrDoNotCount() {
    assertThat(new Exit(3, 2, List.of(0.9), 0.5).read(LOGITS, null).label()).isZero();
    assertThat(new Exit(3, 2, List.of(0.9)).read(LOGITS, WORDS).label()).isZero();
  }

  @Test
  void shouldBeWrittenWithItsWeightAlone() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Exit exit : List.of(new Exit(3, 2, List.of(0.9), 0.5), new Exit(3, 2, List.of(0.9)))) {
      String written = json.writeValueAsString(exit);

      assertThat(written.contains("words_weight")).isEqualTo(exit.wordsWeight() != 0);
      assertThat(json.readValue(written, Exit.class)).isEqualTo(exit);
    }
  }

  @Test
  void shouldRefuseWeightsThatMeanNothing() {
    assertThatThrownBy(() -> new Exit(3, 1, List.of(0.9), Double.NaN))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("words_weight=NaN at depth 3");
    assertThatThrownBy(() -> new Exit(0, 1, List.of(0.9), 1))
        .hasMessageContaining("words_weight=1.0 at depth 0");
  }
}
