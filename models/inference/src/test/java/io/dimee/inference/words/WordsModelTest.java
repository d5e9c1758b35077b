package io.dimee.inference.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordsModelTest {
  private static final String TEXT = "It rains, and 今天下雨了 too";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 77, 200})
  void shouldAnswerTheSameAfterwardsAsBeforeItWasWritten(int classes) throws IOException {
    // Given
    WordsModel model = random(classes);
    Path file = directory.resolve("words.safetensors");

    // When
    model.write(file);
    WordsModel read = WordsModel.read(file);

    // Then
    assertThat(logits(read, TEXT)).isEqualTo(logits(model, TEXT));
    assertThat(read.vocabulary()).isEqualTo(model.vocabulary());
    long most = (long) model.vocabulary().size() * WordsModel.bytesPerFeature(classes);
    assertThat(Files.size(file)).isLessThan(most + 8L * classes + 1_000);
  }

  @Test
  void shouldWriteTheSameAgain() throws IOException {
    // Given
    Path file = directory.resolve("words.safetensors");
    Path again = directory.resolve("again.safetensors");
    random(5).write(file);

    // When
    WordsModel.read(file).write(again);

    // Then
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void shouldRoundWeightsToTheirClassesScale() {
    // Given
    NgramVocabulary vocabulary = Ngrams.vocabulary("ab");
    float[] weights = new float[vocabulary.size() * 2];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % 2 == 0 ? -100 + i : i / 1000f;
    }

    // When
    WordsModel model = WordsModel.of(vocabulary, weights, new float[2]);

    // Then
    for (int feature = 0; feature < vocabulary.size(); feature++) {
      float[] row = new float[2];
      model.add(feature, 1, row);
      assertThat(row[0]).isCloseTo(weights[2 * feature], within(100f / 127 / 2));
      assertThat(row[1]).isCloseTo(weights[2 * feature + 1], within(0.1f / 127 / 2));
    }
  }

  private static Offset<Float> within(float distance) {
    return Offset.offset(distance);
  }

  @ParameterizedTest
  @CsvSource({
    "words.version, missing",
    "words.hashes, missing",
    "words.inverse_document_frequencies, missing",
    "words.weights, missing",
    "words.scales, missing",
    "words.biases, missing",
    "words.hashes, expected",
    "words.weights, expected",
    "words.scales, expected",
    "words.version, expected",
    "words.inverse_document_frequencies, NaN",
    "words.scales, NaN",
    "words.biases, NaN",
    "words.version, NaN",
    "words.version, reads version 1"
  })
  void shouldRefuseAFileThatIsNoModel(String key, String problem) throws IOException {
    // Given
    Path file = directory.resolve("words.safetensors");
    random(3).write(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>(SafeTensors.read(file));
    int[] shape = tensors.get(key).shape();
    float[] values = tensors.get(key).toArray();
    switch (problem) {
      case "missing" -> tensors.remove(key);
      case "expected" -> tensors.put(key, Tensor.of(new float[1], 1, 1, 1));
      case "NaN" -> {
        values[values.length - 1] = Float.NaN;
        tensors.put(key, Tensor.of(values, shape));
      }
      default -> tensors.put(key, Tensor.of(new float[] {2}, 1));
    }
    SafeTensors.write(
        file,
        tensors,
        name ->
            name.endsWith("hashes") || name.endsWith("weights")
                ? SafeTensors.Precision.U8
                : SafeTensors.Precision.F32);

    // Then
    assertThatThrownBy(() -> WordsModel.read(file))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContainingAll(file.toString(), key, problem);
  }

  @Test
  void shouldRefuseNgramsThatAreNotInOrder() {
    // Then
    assertThatThrownBy(() -> new NgramVocabulary(new int[] {7, 7}, new float[] {1, 1}))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("n-gram 1 has the hash 7");
    assertThatThrownBy(() -> new NgramVocabulary(new int[] {1 << 24}, new float[] {1}))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("24 bits");
    assertThatThrownBy(() -> new NgramVocabulary(new int[] {7}, new float[] {0}))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("inverse document frequency 0.0");
  }

  @Test
  void shouldRefuseATruncatedFile() throws IOException {
    // Given
    Path file = directory.resolve("words.safetensors");
    random(3).write(file);
    byte[] whole = Files.readAllBytes(file);

    for (int length = 0; length < whole.length; length += 97) {
      // When
      Files.write(file, Arrays.copyOf(whole, length));

      // Then
      assertThatThrownBy(() -> WordsModel.read(file))
          .isInstanceOf(InvalidBundleException.class)
          .hasMessageContaining(file.toString());
    }
  }

  static WordsModel random(int classes) {
    Random random = new Random(classes);
    NgramVocabulary vocabulary = Ngrams.vocabulary(TEXT);
    float[] weights = new float[vocabulary.size() * classes];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    float[] biases = new float[classes];
    for (int i = 0; i < classes; i++) {
      biases[i] = (float) random.nextGaussian();
    }
    return WordsModel.of(vocabulary, weights, biases);
  }

  private static float[] logits(WordsModel model, String text) {
    float[] logits = new float[model.classes()];
    new WordsScorer(model).score(text, null, logits);
    return logits;
  }
}
