package io.dimee.calibration.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordsTrainerTest {
  private static final WordsSettings SETTINGS =
      new WordsSettings(List.of(1.0, 8.0), 3, 100_000, 100_000, 1);
  private static final List<Double> EVEN = List.of(1.0, 1.0);
  private static final String[] FILLERS = {"we", "had", "the", "a", "then", "of", "some", "to"};
  private static final String[] GOOD = {"sun", "sunny", "warm"};
  private static final String[] BAD = {"rain", "rainy", "cold"};

  @TempDir Path directory;

  @Test
  void shouldLearnWhichWordsTellClassesApart() {
    // Given
    List<Example> rows = weather(200, 0);

    // When
    WordsFit fit = train(rows, EVEN);

    // Then: also on rows that were not trained on, and on inflected words
    assertThat(accuracy(rows, fit.outOfFold())).isGreaterThan(0.97);
    float[] logits = new float[2];
    new WordsScorer(fit.model()).score("then it RAINED", null, logits);
    assertThat(logits[0]).isGreaterThan(logits[1] + 1);
  }

  @Test
  void shouldSayNothingOfRowsOutOfTheirFoldWhereThereIsNothingToLearn() {
    // Given: labels at random, and each text on its own
    Random random = new Random(3);
    List<Example> rows =
        IntStream.range(0, 300)
            .mapToObj(i -> new Example(sentence(random) + " id" + i, null, random.nextInt(2), i))
            .toList();

    // When
    WordsFit fit = train(rows, EVEN);

    // Then
    assertThat(accuracy(rows, fit.outOfFold())).isBetween(0.35, 0.65);
    assertThat(accuracy(rows, logits(rows, fit.model()))).isGreaterThan(0.7);
  }

  @Test
  void shouldNotHaveSeenARowsTwinInAnotherFold() {
    // Given: labels at random, every text three times
    Random random = new Random(4);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String text = sentence(random) + " id" + i;
      int label = random.nextInt(2);
      rows.add(new Example(text, null, label, 0));
      rows.add(new Example(text.toUpperCase(Locale.ROOT), null, label, 0));
      rows.add(new Example("  " + text.replace(" ", "\n"), null, label, 0));
    }

    // When
    WordsFit fit = train(rows, EVEN);

    // Then
    assertThat(accuracy(rows, fit.outOfFold())).isBetween(0.3, 0.7);
  }

  @Test
  void shouldTrainTheSameAgain() throws IOException {
    // Given
    List<Example> rows = weather(100, 0.2);
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");

    // When
    WordsFit fit = train(rows, EVEN);
    WordsFit again = train(rows, EVEN);

    // Then
    fit.model().write(first);
    again.model().write(second);
    assertThat(second).hasSameBinaryContentAs(first);
    assertThat(again.outOfFold()).isDeepEqualTo(fit.outOfFold());
    assertThat(again.cost()).isEqualTo(fit.cost());
  }

  @Test
  void shouldFindMoreOfAClassThatWeighsMore() {
    // Given
    List<Example> rows = weather(300, 0.3);

    // When
    WordsFit even = train(rows, EVEN);
    WordsFit weighted = train(rows, List.of(1.0, 5.0));

    // Then
    assertThat(recall(1, rows, weighted.outOfFold()))
        .isGreaterThan(recall(1, rows, even.outOfFold()) + 0.05);
    assertThat(recall(0, rows, weighted.outOfFold())).isLessThan(recall(0, rows, even.outOfFold()));
  }

  @Test
  void shouldFindMoreOfAClassOfThreeThatWeighsMore() {
    // Given
    Random random = new Random(6);
    List<Example> rows =
        IntStream.range(0, 300)
            .mapToObj(i -> new Example(sentence(random), null, random.nextInt(3), i))
            .toList();

    // When
    WordsFit even = train(rows, List.of(1.0, 1.0, 1.0));
    WordsFit weighted = train(rows, List.of(1.0, 1.0, 4.0));

    // Then
    assertThat(recall(2, rows, weighted.outOfFold()))
        .isGreaterThan(recall(2, rows, even.outOfFold()) + 0.1);
  }

  @Test
  void shouldCompareTheTextsOfAPair() {
    // Given: the answer is whether the texts have their words in common
    Random random = new Random(5);
    List<Example> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String text = sentence(random);
      int label = i % 2;
      rows.add(new Example(text, label == 1 ? text + " too" : sentence(random), label, i));
    }

    // When
    WordsFit fit = train(rows, EVEN);

    // Then
    assertThat(accuracy(rows, fit.outOfFold())).isGreaterThan(0.9);
  }

  @Test
  void shouldNeverPreferAClassWithoutRows() {
    // Given: class 1 has none, class 2 has one, so that some folds lack it
    List<Example> rows = new ArrayList<>();
    for (Example row : weather(60, 0)) {
      rows.add(new Example(row.text(), null, row.label() == 0 ? 0 : 3, row.line()));
    }
    rows.add(new Example("fog", null, 2, 0));

    // When
    WordsFit fit = train(rows, List.of(1.0, 1.0, 1.0, 1.0));

    // Then
    for (float[] logits : fit.outOfFold()) {
      assertThat(logits[1]).isLessThan(Math.max(logits[0], logits[3]));
      assertThat(logits).doesNotContain(Float.NaN);
    }
    assertThat(accuracy(rows, fit.outOfFold())).isGreaterThan(0.9);
  }

  @Test
  void shouldAnswerTheOnlyClassThereIs() {
    // Given
    List<Example> rows =
        IntStream.range(0, 10).mapToObj(i -> new Example("text " + i, null, 1, i)).toList();

    // When
    WordsFit fit = train(rows, EVEN);

    // Then
    assertThat(accuracy(rows, fit.outOfFold())).isEqualTo(1);
  }

  @Test
  void shouldPreferNoClassWhereAllRowsAreTwins() {
    // Given: whoever is asked about a row was trained on none
    List<Example> rows =
        IntStream.range(0, 10).mapToObj(i -> new Example("text", null, i % 2, i)).toList();

    // When
    WordsFit fit = train(rows, EVEN);

    // Then
    for (float[] logits : fit.outOfFold()) {
      assertThat(logits[0]).isFinite().isEqualTo(logits[1]);
    }
  }

  @Test
  void shouldKeepTheNgramsOfMostRowsWithinTheBytes() {
    // Given
    List<Example> rows = weather(200, 0);
    int bytes = 50 * WordsModel.bytesPerFeature(2);

    // When
    WordsFit fit =
        new WordsTrainer(new WordsSettings(List.of(8.0), 2, bytes, 100_000, 1), new Steps())
            .fit(rows, 2, EVEN);

    // Then
    assertThat(fit.model().vocabulary().size()).isEqualTo(50);
  }

  @Test
  void shouldTrainOnSomeOfTooManyRowsAndAnswerAll() {
    // Given: about 35 characters a row
    List<Example> rows = weather(300, 0);
    WordsSettings settings = new WordsSettings(List.of(8.0), 2, 100_000, 1_500, 1);

    // When
    WordsFit fit = new WordsTrainer(settings, new Steps()).fit(rows, 2, EVEN);

    // Then
    int all = train(rows, EVEN).model().vocabulary().size();
    assertThat(fit.model().vocabulary().size()).isBetween(1, all - 1);
    assertThat(accuracy(rows, fit.outOfFold())).isGreaterThan(0.85);
  }

  @Test
  void shouldTellHowFarItIs() {
    // Given
    Steps steps = new Steps();

    // When
    new WordsTrainer(SETTINGS, steps).fit(weather(20, 0), 2, EVEN);

    // Then: two costs, three folds, and all rows
    assertThat(steps.told).containsExactly("of 6", "1", "2", "3", "4", "5", "6", "end");
  }

  @Test
  void shouldRefuseFewerRowsThanFolds() {
    // Given
    List<Example> rows = weather(2, 0);

    // Then
    assertThatThrownBy(() -> train(rows, EVEN))
        .isInstanceOf(DataException.class)
        .hasMessage("2 rows are too few for 3 folds");
  }

  private static WordsFit train(List<Example> rows, List<Double> classWeights) {
    return new WordsTrainer(SETTINGS, new Steps()).fit(rows, classWeights.size(), classWeights);
  }

  /** Sentences with a word of the weather; some have the other class. */
  private static List<Example> weather(int size, double wrong) {
    Random random = new Random(2);
    return IntStream.range(0, size)
        .mapToObj(
            i -> {
              int label = i % 2;
              String[] words = label == 1 ? GOOD : BAD;
              String text = sentence(random) + " " + words[random.nextInt(words.length)];
              return new Example(text, null, random.nextDouble() < wrong ? 1 - label : label, i);
            })
        .toList();
  }

  private static String sentence(Random random) {
    StringBuilder sentence = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      sentence.append(FILLERS[random.nextInt(FILLERS.length)]).append(' ');
    }
    return sentence.toString().strip();
  }

  private static float[][] logits(List<Example> rows, WordsModel model) {
    WordsScorer scorer = new WordsScorer(model);
    float[][] logits = new float[rows.size()][model.classes()];
    for (int row = 0; row < logits.length; row++) {
      scorer.score(rows.get(row).text(), rows.get(row).pair(), logits[row]);
    }
    return logits;
  }

  private static int answer(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  private static double accuracy(List<Example> rows, float[][] logits) {
    return IntStream.range(0, logits.length)
            .filter(row -> answer(logits[row]) == rows.get(row).label())
            .count()
        / (double) logits.length;
  }

  private static double recall(int label, List<Example> rows, float[][] logits) {
    return IntStream.range(0, logits.length)
        .filter(row -> rows.get(row).label() == label)
        .mapToDouble(row -> answer(logits[row]) == label ? 1 : 0)
        .average()
        .orElseThrow();
  }

  private static final class Steps implements TrainingProgress {
    private final List<String> told = new ArrayList<>();

    @Override
    public void start(long total, long done) {
      told.add("of " + total);
    }

    @Override
    public void step(long done, double loss) {
      told.add(String.valueOf(done));
    }

    @Override
    public void end() {
      told.add("end");
    }
  }
}
