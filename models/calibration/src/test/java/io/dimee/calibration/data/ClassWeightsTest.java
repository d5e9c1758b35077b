package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassWeightsTest {
  private static final List<String> LABELS = List.of("ham", "spam");
  private static final List<Example> ROWS =
      List.of(
          new Example("a", null, 0, 1),
          new Example("b", null, 0, 1),
          new Example("c", null, 0, 1),
          new Example("d", null, 1, 1));

  @TempDir Path directory;

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("weights.json"), content).toString();
  }

  @Test
  void shouldBalanceAsScikitLearnDoes() {
    assertThat(ClassWeights.parse("balanced").of(ROWS, LABELS)).containsExactly(4 / 6d, 2d);
  }

  @Test
  void shouldCountAllAlike() {
    assertThat(ClassWeights.parse("none").of(ROWS, LABELS)).isEmpty();
    assertThat(ClassWeights.parse("none").isNone()).isTrue();
  }

  @Test
  void shouldReadThemByLabel() throws IOException {
    ClassWeights weights = ClassWeights.parse(file("{\"spam\": 3, \"ham\": 1}"));

    assertThat(weights.of(ROWS, LABELS)).containsExactly(1d, 3d);
    assertThat(weights.json()).hasToString("{\"ham\":1.0,\"spam\":3.0}");
  }

  @Test
  void shouldSayWhatIsWrong() throws IOException {
    assertThatThrownBy(() -> ClassWeights.parse("equal"))
        .hasMessage(
            "class-weights=equal is not known; valid: none, balanced, or a JSON file of weights by label");
    String zero = file("{\"ham\": 0}");
    assertThatThrownBy(() -> ClassWeights.parse(zero))
        .hasMessageContaining("the weight of ham is 0.0; valid: numbers above 0");
    String list = file("[1, 2]");
    assertThatThrownBy(() -> ClassWeights.parse(list))
        .hasMessageContaining("is no JSON object of weights by label");
    ClassWeights other = ClassWeights.parse(file("{\"eggs\": 1, \"ham\": 1, \"spam\": 1}"));
    assertThatThrownBy(() -> other.of(ROWS, LABELS))
        .hasMessage("class-weights: no class has the name eggs; valid: [ham, spam]");
    ClassWeights missing = ClassWeights.parse(file("{\"ham\": 1}"));
    assertThatThrownBy(() -> missing.of(ROWS, LABELS))
        .hasMessage("class-weights: there is none for spam");
  }
}
