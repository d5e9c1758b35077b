package io.dimee.inference.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.TestBundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordsExitTest {
  @TempDir Path directory;

  @Test
  void shouldAnswerWhatItsWordsDecideAndNothingElse() throws IOException {
    // Given
    Bundle bundle = TestBundles.writeWords(directory, TestWords.model());
    WordsExit exit = WordsExit.of(bundle).orElseThrow();

    // When
    ExitReading praise = exit.read(exit.scores("A warm and funny film", null));
    ExitReading blame = exit.read(exit.scores("so DULL", null));
    ExitReading neither = exit.read(exit.scores("it is on at nine", null));

    // Then
    assertThat(praise.depth()).isZero();
    assertThat(praise.label()).isEqualTo(1);
    assertThat(exit.answers(praise)).isTrue();
    assertThat(blame.label()).isZero();
    assertThat(exit.answers(blame)).isTrue();
    assertThat(neither.confidence()).isEqualTo(0.5f);
    assertThat(exit.answers(neither)).isFalse();
  }

  @Test
  void shouldBeAbsentWhereTheBundleHasNone() {
    assertThat(WordsExit.of(TestBundles.writeTiny(directory))).isEmpty();
  }

  @Test
  void shouldRefuseAnotherNumberOfClasses() throws IOException {
    // Given
    Bundle bundle = TestBundles.writeWords(directory, WordsModelTest.random(3));

    // Then
    assertThatThrownBy(() -> WordsExit.of(bundle))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("has 3 classes, the manifest 2 labels");
  }

  @Test
  void shouldRefuseAFileThatIsNotTheManifests() throws IOException {
    // Given
    TestBundles.writeWords(directory, TestWords.model());
    Files.write(directory.resolve(Bundle.WORDS), new byte[] {1});

    // Then
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("words.safetensors has the hash");
  }

  @Test
  void shouldRefuseAnExitAtDepthZeroWithoutItsFile() {
    // Given
    Bundle tiny = TestBundles.writeTiny(directory);
    List<Exit> exits = new ArrayList<>(tiny.manifest().exits());
    exits.add(0, new Exit(Exit.WORDS, 1, 0.9));

    // Then
    assertThatThrownBy(() -> tiny.withExits(exits))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("exits=");
  }
}
