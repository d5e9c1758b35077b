package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.routing.PathCosts;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A calibration as a bundle gets it: with what words alone say stacked onto its exits, where words
 * are asked and held-out rows say that it helps.
 *
 * @param heldOut what the exits say of the held-out rows, stacked where they are
 */
public record FittedCalibration(
    Calibrator calibrator, Calibration calibration, ExitOutputs heldOut) {
  /**
   * What to calibrate for.
   *
   * @param words use of the exit that reads words alone
   * @param abstain when an answer is withheld
   */
  public record Goal(
      PathCosts costs, Calibration.Target target, WordsUse words, AbstainRule abstain) {}

  /**
   * Fits.
   *
   * @param heldOut with what words alone say, where they may be asked
   * @param outOfScope rows of no class, which count where answers are withheld
   */
  public static FittedCalibration of(
      ExitOutputs heldOut, Optional<ExitOutputs> outOfScope, Goal goal) {
    if (goal.words() == WordsUse.AUTO && heldOut.words() != null) {
      double[] weights = WordsStacking.weights(heldOut);
      if (Arrays.stream(weights).anyMatch(weight -> weight != 0)) {
        FittedCalibration stacked =
            fit(heldOut.stacked(weights), outOfScope.map(others -> others.stacked(weights)), goal);
        if (stacked.calibration().asksWords()) {
          return stacked;
        }
      }
    }
    return fit(heldOut, outOfScope, goal);
  }

  private static FittedCalibration fit(
      ExitOutputs heldOut, Optional<ExitOutputs> outOfScope, Goal goal) {
    Calibrator calibrator =
        goal.abstain().isOn()
            ? Calibrator.withholding(
                outOfScope.map(heldOut::plus).orElse(heldOut),
                goal.costs().tiers(),
                goal.abstain(),
                goal.target().confidence())
            : new Calibrator(heldOut, goal.costs().tiers());
    return new FittedCalibration(
        calibrator, calibrator.fit(goal.costs(), goal.target(), goal.words()), heldOut);
  }

  /** What the exits say of other rows, as the calibrated ones say it. */
  public ExitOutputs read(ExitOutputs others) {
    return heldOut.isStacked() ? others.stacked(heldOut.stacking().weights()) : others;
  }

  /**
   * What a calibration without the exit that reads words alone does, where one asks it.
   *
   * @param dev rows to measure on
   */
  public Optional<CascadeOutcome> withoutWords(ExitOutputs dev, Goal goal) {
    if (!calibration.asksWords()) {
      return Optional.empty();
    }
    List<Exit> exits = calibrator.withoutWords().fit(goal.costs(), goal.target()).exits();
    ExitOutputs alone = dev.withoutWords();
    return Optional.of(CascadeOutcome.of(alone, alone.allRows(), exits, goal.costs()));
  }
}
