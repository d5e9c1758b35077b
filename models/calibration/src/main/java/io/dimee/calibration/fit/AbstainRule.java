package io.dimee.calibration.fit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.UnknownLabel;
import java.util.List;
import java.util.Optional;

/**
 * When the exit that answers in any case withholds its answer.
 *
 * @param below least confidence of an answer; empty where it is fitted
 * @param maxError share of wrong answers among the answered that it is fitted for; empty where it
 *     is given
 */
public record AbstainRule(Optional<Double> below, Optional<Double> maxError) {
  /** Never. */
  public static final AbstainRule NEVER = new AbstainRule(Optional.empty(), Optional.empty());

  /** Checks the numbers. */
  public AbstainRule {
    below
        .filter(value -> !(value > 0 && value < 1))
        .ifPresent(
            value -> {
              throw new DataException(
                  "abstain-below=%s must lie between 0 and 1, or be auto".formatted(value));
            });
    maxError
        .filter(value -> !(value > 0 && value < 1))
        .ifPresent(
            value -> {
              throw new DataException(
                  "max-error=%s must lie between 0 and 100".formatted(100 * value));
            });
  }

  /** Below a given confidence. */
  public static AbstainRule below(double confidence) {
    return new AbstainRule(Optional.of(confidence), Optional.empty());
  }

  /** Where it must, so that of what is answered no more than a share is wrong. */
  public static AbstainRule within(double maxError) {
    return new AbstainRule(Optional.empty(), Optional.of(maxError));
  }

  /** Whether answers may be withheld. */
  public boolean isOn() {
    return below.isPresent() || maxError.isPresent();
  }

  /**
   * Makes sure that a withheld answer can be told from a class.
   *
   * @param labels class names
   * @throws DataException when answers may be withheld and a class has the name of one that is
   */
  public void requireFor(List<String> labels) {
    if (isOn() && labels.contains(UnknownLabel.NAME)) {
      throw new DataException(
          "abstain-below names withheld answers %s, and so is one of the classes; --label-map gives it another name"
              .formatted(UnknownLabel.NAME));
    }
  }

  /**
   * Confidence below which an answer is withheld.
   *
   * @param exits of which the last answers in any case
   * @param confidence with which the error's bound holds
   * @return empty where none is, or none can be shown to be enough
   */
  Optional<Double> confidence(ExitOutputs heldOut, List<Exit> exits, double confidence) {
    return below.or(
        () ->
            maxError
                .flatMap(most -> Abstention.within(heldOut, exits, most, confidence))
                .map(Abstention::below));
  }

  /** Records the rule. */
  public void describe(ObjectNode node) {
    below.ifPresent(value -> node.put("abstain_below", value));
    maxError.ifPresent(value -> node.put("max_error", value));
  }
}
