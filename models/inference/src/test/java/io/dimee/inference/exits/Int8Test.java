package io.dimee.inference.exits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.Int8Weight;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.TinyEncoder;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.testing.SharedCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Layers in 8-bit integers, against the same layers in fp32. */
@Tag("slow")
class Int8Test {
  private static final Architecture SHAPE = TinyEncoder.SHAPE;

  private static final List<String> TEXTS =
      List.of(
          "a warm , funny and moving film",
          "dull",
          "it takes its time , but the last half hour is worth the wait",
          "the plot makes no sense and neither do the jokes",
          "not bad at all");

  @Test
  void shouldRoundEachColumnByItsOwnScale() {
    // Given columns of very different size, one of them empty
    Random random = new Random(3);
    float[] values = new float[50 * 3];
    for (int i = 0; i < values.length; i += 3) {
      values[i] = (float) random.nextGaussian();
      values[i + 1] = (float) (1000 * random.nextGaussian());
    }

    // When
    Int8Weight weight = Int8Weight.of(Tensor.of(values, 50, 3));

    // Then
    for (int i = 0; i < values.length; i++) {
      float scale = weight.scales()[i % 3];
      assertThat(scale * weight.values()[i]).isCloseTo(values[i], within(scale * 0.501f));
    }
    assertThat(weight.values()).contains(127);
    assertThat(weight.scales()[2]).isZero();
  }

  @Test
  void shouldSayNearlyWhatFp32Says() {
    // Given
    Bundle exact = Bundle.open(Path.of("../bundles/sst2"));
    List<TokenizedText> texts = new ArrayList<>();
    try (TextTokenizer tokenizer = TextTokenizer.of(exact)) {
      TEXTS.forEach(text -> texts.add(tokenizer.tokenize(text, null)));
    }
    FileCache files = new FileCache(SharedCache.FOLDER);

    // When
    ActivationRanges ranges = new ModelFiles(exact, files).measureRanges(texts);
    Bundle rounded = exact.inInt8(ranges);

    // Then every exit names the same class with nearly the same probability
    List<float[]> expected = readings(exact, texts);
    List<float[]> actual = readings(rounded, texts);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i)[0]).isCloseTo(expected.get(i)[0], within(0.12f));
    }
    assertThat(rounded.modelId()).isNotEqualTo(exact.modelId());
    assertThat(rounded.inFp32().modelId()).isEqualTo(exact.modelId());
  }

  /** Probabilities of every exit for every text. */
  private List<float[]> readings(Bundle bundle, List<TokenizedText> texts) {
    Bundle silent =
        bundle.withExits(
            bundle.manifest().exits().stream().map(e -> new Exit(e.depth(), 1, 1)).toList());
    List<float[]> readings = new ArrayList<>();
    try (SegmentSet segments =
        SegmentSet.load(silent, new ModelFiles(silent, new FileCache(SharedCache.FOLDER)), 12, 1)) {
      EarlyExitModel model = segments.model();
      Architecture encoder = bundle.manifest().encoder();
      List<Work> works =
          texts.stream().map(text -> new Work(encoder, text, 0, null, 1, 12)).toList();
      for (Outcome<Object> outcome : model.run(works, (s, o, t, h) -> null)) {
        ((Outcome.Answered<Object>) outcome)
            .effort()
            .readings()
            .forEach(reading -> readings.add(reading.probabilities()));
      }
    }
    return readings;
  }

  @Test
  void shouldMeasureTheLargestValueOfEachChannel() {
    // Given
    Bundle bundle = Bundle.open(Path.of("../../testing/bundles/tiny"));
    ModelFiles files = new ModelFiles(bundle, new FileCache(SharedCache.FOLDER));
    TokenizedText first = new TokenizedText(new int[] {101, 143, 102}, 3, false);
    TokenizedText second = new TokenizedText(new int[] {101, 137, 234, 102}, 2, false);

    // When
    float[] one = files.measureRanges(List.of(first)).wide().get(3).toArray();
    float[] other = files.measureRanges(List.of(second)).wide().get(3).toArray();
    float[] both = files.measureRanges(List.of(first, second)).wide().get(3).toArray();

    // Then
    assertThat(one).isNotEqualTo(other);
    for (int i = 0; i < both.length; i++) {
      assertThat(both[i]).isEqualTo(Math.max(one[i], other[i]));
    }
  }

  @Test
  void shouldRefuseRangesThatLackALayer() {
    ActivationRanges whole = ranges();
    assertThat(ActivationRanges.of(whole.tensors(), SHAPE).sha256()).isEqualTo(whole.sha256());
    assertThatThrownBy(
            () -> {
              var tensors = whole.tensors();
              tensors.remove("encoder.layer.3.wide.range");
              ActivationRanges.of(tensors, SHAPE);
            })
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("encoder.layer.3.wide.range");
  }

  private static ActivationRanges ranges() {
    Architecture a = SHAPE;
    return new ActivationRanges(
        Collections.nCopies(a.layers(), ones(a.hidden())),
        Collections.nCopies(a.layers(), ones(a.intermediate())));
  }

  private static Tensor ones(int size) {
    float[] values = new float[size];
    Arrays.fill(values, 1);
    return Tensor.of(values, size);
  }
}
