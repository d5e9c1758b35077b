package io.dimee.inference.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WordsScorerTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Offset<Float> ROUNDING = Offset.offset(0.02f);

  @Test
  void shouldScaleEachGroupOfNgramsToLengthOne() {
    // Given: every n-gram has weight 1
    String text = "ab ab cd";
    NgramVocabulary vocabulary = Ngrams.vocabulary(text);
    float[] weights = new float[2 * vocabulary.size()];
    Arrays.fill(weights, 1);
    WordsModel model = WordsModel.of(vocabulary, weights, new float[] {0, -1});
    float[] logits = new float[2];

    // When
    new WordsScorer(model).score(text, null, logits);

    // Then: words ab twice, cd, ab ab, ab cd; characters as many times as their word
    double twice = 1 + Math.log(2);
    double words = (twice + 3) / Math.sqrt(twice * twice + 3);
    // _a ab b_ _ab ab_ _ab_ and the same of cd
    double characters = (6 * twice + 6) / Math.sqrt(6 * twice * twice + 6);
    assertThat(logits[0]).isCloseTo((float) (words + characters), ROUNDING);
    assertThat(logits[1]).isCloseTo(logits[0] - 1, ROUNDING);
  }

  @Test
  void shouldAnswerWithTheBiasesWhereNoWordIsKnown() {
    // Given
    WordsModel model =
        WordsModel.of(Ngrams.vocabulary("known"), weightsOf("known"), new float[] {3, 4});
    WordsScorer scorer = new WordsScorer(model);
    float[] logits = new float[2];

    for (String text : new String[] {"", "\u0000", "雨", "\ud83d"}) {
      // When
      scorer.score(text, null, logits);

      // Then
      assertThat(logits).containsExactly(3, 4);
    }
  }

  @Test
  void shouldRefuseRoomForOtherClasses() {
    // Given
    WordsScorer scorer = new WordsScorer(WordsModelTest.random(3));

    // Then
    assertThatThrownBy(() -> scorer.score("it", null, new float[2]))
        .hasMessage("2 logits for 3 classes");
  }

  @Property(tries = 100)
  void shouldNotDependOnTheTextBefore(
      @ForAll String before, @ForAll String text, @ForAll boolean pair) {
    // Given
    WordsModel model = WordsModelTest.random(3);
    String second = pair ? "it rains" + before : null;
    float[] expected = new float[3];
    new WordsScorer(model).score(text, second, expected);
    WordsScorer used = new WordsScorer(model);
    float[] logits = new float[3];
    used.score(before + " it rains", text, logits);

    // When
    used.score(text, second, logits);

    // Then
    assertThat(logits).isEqualTo(expected);
  }

  @Test
  void shouldAllocateNothing() {
    // Given
    WordsScorer scorer = new WordsScorer(WordsModelTest.random(200));
    float[] logits = new float[200];
    String text = "It rains, and it rains, and then it rains again. ".repeat(10);
    int times = 1_000;
    score(scorer, text, logits, times);
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());

    // When
    score(scorer, text, logits, times);

    // Then
    long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertThat(allocated / times).isLessThan(16);
  }

  @Test
  void shouldAllocateLittleForWhatUnicodeHasToNormalize() {
    // Given
    WordsScorer scorer = new WordsScorer(WordsModelTest.random(3));
    float[] logits = new float[3];
    String text = "今天下雨了,cafe\u0301 ﬁne. ".repeat(20);
    int times = 100;
    score(scorer, text, logits, times);
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());

    // When
    score(scorer, text, logits, times);

    // Then
    long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertThat(allocated / times).isLessThan(20L * text.length());
  }

  private static void score(WordsScorer scorer, String text, float[] logits, int times) {
    for (int i = 0; i < times; i++) {
      scorer.score(text, null, logits);
    }
  }

  private static float[] weightsOf(String text) {
    float[] weights = new float[2 * Ngrams.vocabulary(text).size()];
    Arrays.fill(weights, 1);
    return weights;
  }
}
