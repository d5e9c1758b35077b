package io.dimee.calibration.evaluation;

import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.routing.PathCosts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a bundle does on labelled rows with its own thresholds, under policy cascade. Nothing is
 * fitted.
 *
 * @param outcome accuracy, drop and cost
 * @param cascade its answers, class by class
 * @param last the last exit's answers, class by class
 * @param exits what each exit does
 * @param withheld what withholding answers does, where the bundle does; the other figures are
 *     without it
 */
public record BundleMeasurement(
    CascadeOutcome outcome,
    ClassReport cascade,
    ClassReport last,
    List<ExitRow> exits,
    Optional<Withheld> withheld) {
  /**
   * One exit.
   *
   * @param share of all rows that it answers
   * @param accuracy on the rows that it answers; NaN when it answers none
   * @param accuracyOnAll if it answered all rows
   */
  public record ExitRow(int depth, double share, double accuracy, double accuracyOnAll) {}

  /**
   * What withholding answers does.
   *
   * @param below confidence of the last exit below which it does
   * @param rows those with a class
   * @param ofRows how many of these are withheld
   * @param right how many of the others are answered rightly
   * @param outOfScope rows of no class
   * @param ofOutOfScope how many of these are withheld
   */
  public record Withheld(
      double below, int rows, int ofRows, int right, int outOfScope, int ofOutOfScope) {
    /** Rows that are withheld, of a class or of none. */
    public int inAll() {
      return ofRows + ofOutOfScope;
    }

    /** Share of the answered rows of a class that are answered rightly. */
    public double accuracy() {
      return right / (double) (rows - ofRows);
    }

    /** Share of the rows of no class that are withheld. */
    public double recall() {
      return ofOutOfScope / (double) outOfScope;
    }

    /** Share of the withheld rows that are of no class. */
    public double precision() {
      return ofOutOfScope / (double) inAll();
    }
  }

  /**
   * Recall that a class loses by early answers.
   *
   * @param points below the last exit's; negative when early answers are better
   */
  public record RecallLost(String label, double points, int support) {}

  /**
   * Measures.
   *
   * @param outputs what every layer's exit says about the rows
   * @param outOfScope the same of rows of no class, if there are any
   * @param stateBytesPerToken payload bytes of an encoded hidden state, a token
   */
  public static BundleMeasurement of(
      BundleManifest manifest,
      ExitOutputs outputs,
      Optional<ExitOutputs> outOfScope,
      Prices prices,
      double stateBytesPerToken) {
    List<Exit> exits = manifest.exits();
    int[] answers = new int[outputs.rows()];
    int[] answered = new int[exits.size()];
    int[] right = new int[exits.size()];
    for (int row = 0; row < outputs.rows(); row++) {
      int at = CascadeOutcome.answeringExit(outputs, row, exits);
      answers[row] = outputs.read(exits.get(at), row).label();
      answered[at]++;
      right[at] += answers[row] == outputs.labels()[row] ? 1 : 0;
    }
    List<ExitRow> rows = new ArrayList<>();
    for (int at = 0; at < exits.size(); at++) {
      int depth = exits.get(at).depth();
      rows.add(
          new ExitRow(
              depth,
              answered[at] / (double) outputs.rows(),
              right[at] / (double) answered[at],
              outputs.accuracy(depth)));
    }
    int deepest = exits.get(exits.size() - 1).depth();
    return new BundleMeasurement(
        CascadeOutcome.of(
            outputs,
            outputs.allRows(),
            exits,
            PathCosts.of(manifest.tiers(), prices, stateBytesPerToken)),
        ClassReport.of(outputs.labels(), answers, manifest.labels()),
        ClassReport.of(outputs.labels(), outputs.answers(deepest), manifest.labels()),
        List.copyOf(rows),
        Optional.ofNullable(manifest.abstainBelow())
            .map(below -> withheld(below, manifest, outputs, outOfScope)));
  }

  private static Withheld withheld(
      double below, BundleManifest manifest, ExitOutputs outputs, Optional<ExitOutputs> outside) {
    int withheld = 0;
    int right = 0;
    for (int row = 0; row < outputs.rows(); row++) {
      ExitReading answer = answer(outputs, row, manifest.exits());
      if (manifest.withholds(answer)) {
        withheld++;
      } else {
        right += answer.label() == outputs.labels()[row] ? 1 : 0;
      }
    }
    int withheldOutside =
        outside
            .map(
                others ->
                    (int)
                        Arrays.stream(others.allRows())
                            .filter(
                                row -> manifest.withholds(answer(others, row, manifest.exits())))
                            .count())
            .orElse(0);
    return new Withheld(
        below,
        outputs.rows(),
        withheld,
        right,
        outside.map(ExitOutputs::rows).orElse(0),
        withheldOutside);
  }

  private static ExitReading answer(ExitOutputs outputs, int row, List<Exit> exits) {
    return outputs.read(exits.get(CascadeOutcome.answeringExit(outputs, row, exits)), row);
  }

  /** What each class loses, in the order of the indices; classes without rows are left out. */
  public List<RecallLost> recallLost() {
    List<RecallLost> lost = new ArrayList<>();
    for (int label = 0; label < last.classes().size(); label++) {
      ClassReport.ClassRow whole = last.classes().get(label);
      if (whole.support() > 0) {
        double points = 100 * (whole.recall() - cascade.classes().get(label).recall());
        lost.add(new RecallLost(whole.label(), points, whole.support()));
      }
    }
    return lost;
  }
}
