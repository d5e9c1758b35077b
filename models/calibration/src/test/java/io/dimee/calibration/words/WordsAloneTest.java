package io.dimee.calibration.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.words.WordsModel;
import io.dimee.inference.words.WordsScorer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Measures the classifier on published tasks and prints the rows of a table. Run by hand: takes
 * minutes, and data that is not part of the project.
 */
@Tag("nightly")
class WordsAloneTest {
  private static final int ROUNDS = 10;

  @TempDir Path directory;

  @SuppressWarnings("ArrayRecordComponent") // identity of the arrays is never compared
  private record Answers(int[] gold, int[] answers, double[] confidences) {
    private boolean right(int row) {
      return gold[row] == answers[row];
    }

    private double accuracy() {
      return IntStream.range(0, gold.length).filter(this::right).count() / (double) gold.length;
    }

    private double macroF1(int classes) {
      return IntStream.range(0, classes)
          .mapToDouble(
              of -> {
                double both = 0;
                double either = 0;
                for (int row = 0; row < gold.length; row++) {
                  both += gold[row] == of && answers[row] == of ? 1 : 0;
                  either += (gold[row] == of ? 1 : 0) + (answers[row] == of ? 1 : 0);
                }
                return either == 0 ? Double.NaN : 2 * both / either;
              })
          .filter(Double::isFinite)
          .average()
          .orElseThrow();
    }

    /** Most rows that can be answered, the most confident first, with this precision. */
    private double share(double precision) {
      List<Integer> order =
          IntStream.range(0, gold.length)
              .boxed()
              .sorted(Comparator.comparingDouble(row -> -confidences[row]))
              .toList();
      int right = 0;
      int most = 0;
      for (int i = 0; i < order.size(); i++) {
        right += right(order.get(i)) ? 1 : 0;
        if (right >= precision * (i + 1)) {
          most = i + 1;
        }
      }
      return (double) most / gold.length;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ag_news | 89.3",
        "banking77 | 91.3",
        "trec | 88.8",
        "sms_spam, 1 | 98.5",
        "sms_spam, 2 | 98.5",
        "sms_spam, 3 | 98.5",
        "airline_tweets, 1 | 81",
        "airline_tweets, 2 | 81",
        "airline_tweets, 3 | 81",
        "clinc150 | 92",
        "github_issues | 76",
        "github_issues joined | 74",
        "toutiao_zh | 64",
        "SST-2 | 81",
        "QQP | 76",
        "MRPC | 74"
      })
  void shouldAnswerPublishedTasks(String name, double leastAccuracy) throws IOException {
    String data = System.getenv("DIMEE_DATA");
    Assumptions.assumeThat(data)
        .as("DIMEE_DATA names the folder with SST-2, own is next to it")
        .isNotNull();
    String wanted = System.getProperty("dimee.words", "");
    Assumptions.assumeThat(name).contains(wanted);

    // Given
    String[] parts = name.split(", ", 2);
    long seed = parts.length == 1 ? 0 : Long.parseLong(parts[1]);
    PublishedTasks.Task task =
        new PublishedTasks(Path.of(data).toAbsolutePath().getParent()).read(parts[0], seed);
    double cost = Double.parseDouble(System.getProperty("dimee.words.cost", "NaN"));
    WordsSettings defaults = WordsSettings.defaults(1);
    WordsSettings settings =
        new WordsSettings(
            Double.isNaN(cost) ? defaults.costs() : List.of(cost),
            defaults.folds(),
            Integer.getInteger("dimee.words.bytes", defaults.mostBytes()),
            defaults.mostCharacters(),
            defaults.seed());

    // When
    Times times = new Times();
    WordsFit fit = new WordsTrainer(settings, times).fit(task.train(), task.classes(), List.of());
    double seconds = times.seconds();
    Path file = directory.resolve("words.safetensors");
    fit.model().write(file);
    WordsModel model = WordsModel.read(file);
    Answers answers = answers(task.test(), model);
    double micros = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = processorTime();
      answers(task.test(), model);
      micros = Math.min(micros, (processorTime() - start) / 1e3 / task.test().size());
    }

    // Then
    System.out.printf(
        "| %s | %d | %d, %d | %s | %s | %s | %s | %s | %.0f | %.1f, %.1f | %.2f | %.1f |%n",
        name,
        task.classes(),
        task.train().size(),
        task.test().size(),
        PublishedTasks.percent(answers.accuracy()),
        PublishedTasks.percent(answers.macroF1(task.classes())),
        PublishedTasks.percent(answers.share(0.97)),
        PublishedTasks.percent(answers.share(0.96)),
        PublishedTasks.percent(outOfFold(task.train(), fit.outOfFold()).accuracy()),
        fit.cost(),
        times.last(),
        seconds,
        Files.size(file) / 1e6,
        micros);
    assertThat(100 * answers.accuracy()).isGreaterThan(leastAccuracy);
  }

  private static Answers answers(List<Example> rows, WordsModel model) {
    WordsScorer scorer = new WordsScorer(model);
    float[][] logits = new float[rows.size()][model.classes()];
    for (int row = 0; row < logits.length; row++) {
      scorer.score(rows.get(row).text(), rows.get(row).pair(), logits[row]);
    }
    return outOfFold(rows, logits);
  }

  private static Answers outOfFold(List<Example> rows, float[][] logits) {
    int[] gold = rows.stream().mapToInt(Example::label).toArray();
    int[] answers = new int[gold.length];
    double[] confidences = new double[gold.length];
    for (int row = 0; row < gold.length; row++) {
      int best = 0;
      for (int i = 1; i < logits[row].length; i++) {
        best = logits[row][i] > logits[row][best] ? i : best;
      }
      double sum = 0;
      for (float logit : logits[row]) {
        sum += Math.exp(logit - logits[row][best]);
      }
      answers[row] = best;
      confidences[row] = 1 / sum;
    }
    return new Answers(gold, answers, confidences);
  }

  /** Nanoseconds that this thread had a core, so that other work on the machine does not count. */
  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Seconds of the last model, and of all. */
  private static final class Times implements TrainingProgress {
    private long start;
    private long step;
    private long before;

    @Override
    public void start(long total, long done) {
      start = processorTime();
      step = start;
    }

    @Override
    public void step(long done, double loss) {
      before = step;
      step = processorTime();
    }

    @Override
    public void end() {
      // the last step was the end
    }

    private double last() {
      return (step - before) / 1e9;
    }

    private double seconds() {
      return (step - start) / 1e9;
    }
  }
}
