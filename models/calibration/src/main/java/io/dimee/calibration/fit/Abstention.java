package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hipparchus.distribution.continuous.BetaDistribution;

/**
 * A confidence below which the exit that answers in any case withholds its answer, and what that
 * does on held-out rows, those out of scope included.
 *
 * @param below least confidence of its answers, in (0, 1)
 * @param rows held-out rows
 * @param answered those whose answer is not withheld
 * @param wrong answered rows whose label is another; every answered row out of scope is one
 * @param errorBound share of wrong answers among the answered that new rows exceed with no more
 *     than the allowed probability
 */
public record Abstention(double below, int rows, int answered, int wrong, double errorBound) {
  /** Confidences that are tried; each takes its part of the allowed probability. */
  private static final int TRIED = 20;

  /** A row as it is answered; a confidence of 1 where an earlier exit has answered. */
  private record Answer(double confidence, boolean isWrong) {}

  /**
   * The least confidence with which the error on what is answered can be shown to stay within a
   * limit.
   *
   * <p>Selection with guaranteed risk (Geifman and El-Yaniv 2017, arXiv 1705.08500): of a fixed
   * number of confidences, spread evenly over the rows that get to the last exit, each is tested
   * with its part of the allowed probability by the exact binomial bound of Clopper and Pearson,
   * and the least that passes is taken.
   *
   * @param heldOut rows of no class among them have the label -1, and are as many as are expected
   *     on the stream
   * @param maxError share of wrong answers among the answered, in (0, 1)
   * @param confidence with which new rows must not be above it
   * @return empty when no confidence can be shown to be enough
   */
  static Optional<Abstention> within(
      ExitOutputs heldOut, List<Exit> exits, double maxError, double confidence) {
    List<Answer> answers = answers(heldOut, exits);
    double[] last =
        answers.stream().mapToDouble(Answer::confidence).filter(c -> c < 1).sorted().toArray();
    double each = 1 - (1 - confidence) / TRIED;
    return IntStream.range(0, Math.min(TRIED, last.length))
        .mapToDouble(i -> last[i * last.length / Math.min(TRIED, last.length)])
        .filter(below -> below > 0)
        .mapToObj(below -> at(below, answers, each))
        .filter(tried -> tried.answered() > 0 && tried.errorBound() <= maxError)
        .findFirst();
  }

  /** What a given confidence does. */
  static Abstention at(double below, ExitOutputs heldOut, List<Exit> exits, double confidence) {
    return at(below, answers(heldOut, exits), confidence);
  }

  private static Abstention at(double below, List<Answer> answers, double confidence) {
    int answered = 0;
    int wrong = 0;
    for (Answer answer : answers) {
      if (answer.confidence() >= below) {
        answered++;
        wrong += answer.isWrong() ? 1 : 0;
      }
    }
    return new Abstention(
        below, answers.size(), answered, wrong, upperBound(wrong, answered, confidence));
  }

  private static List<Answer> answers(ExitOutputs heldOut, List<Exit> exits) {
    return Arrays.stream(heldOut.allRows()).mapToObj(row -> answer(heldOut, row, exits)).toList();
  }

  private static Answer answer(ExitOutputs outputs, int row, List<Exit> exits) {
    Exit exit = exits.get(CascadeOutcome.answeringExit(outputs, row, exits));
    ExitReading reading = outputs.read(exit, row);
    return new Answer(
        exit.answersAll() ? reading.confidence() : 1, reading.label() != outputs.labels()[row]);
  }

  /** Clopper and Pearson's for a share, one-sided. */
  private static double upperBound(int wrong, int of, double confidence) {
    return wrong == of
        ? 1
        : new BetaDistribution(wrong + 1, of - wrong).inverseCumulativeProbability(confidence);
  }
}
