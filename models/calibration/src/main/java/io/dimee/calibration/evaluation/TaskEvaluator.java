package io.dimee.calibration.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.Score;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.Calibrator;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.PairedDrop;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.routing.PathCosts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Evaluates all policies on one task. What a policy has to choose is chosen on held-out rows of
 * train, by one rule for all: the cheapest setting whose drop is shown to stay within the target.
 * dev is only measured on.
 */
public final class TaskEvaluator {
  private final BundleManifest manifest;
  private final DataSet data;
  private final TierDepths tiers;
  private final Calibrator calibrator;
  private final ExitOutputs heldOut;
  private final ExitOutputs dev;
  private final double stateBytesPerToken;

  /**
   * Prepares to evaluate a bundle on what its exits said.
   *
   * @param data what they were asked about
   * @param stateBytesPerToken payload bytes of an encoded hidden state, a token
   */
  public TaskEvaluator(
      BundleManifest manifest,
      DataSet data,
      ExitOutputs heldOut,
      ExitOutputs dev,
      double stateBytesPerToken) {
    this.manifest = manifest;
    this.data = data;
    this.tiers = manifest.tiers();
    this.heldOut = heldOut;
    this.dev = dev;
    this.calibrator = new Calibrator(heldOut, tiers);
    this.stateBytesPerToken = stateBytesPerToken;
  }

  private PolicyStudy study(Prices prices, Calibration.Target target) {
    return new PolicyStudy(
        manifest,
        heldOut,
        dev,
        calibrator,
        PathCosts.of(tiers, prices, stateBytesPerToken),
        target);
  }

  /**
   * What policies do on dev at one set of prices.
   *
   * @param policies their names
   */
  Map<String, PolicyOutcome> outcomes(
      Prices prices, Calibration.Target target, List<String> policies) {
    Map<String, PolicyOutcome> outcomes = new LinkedHashMap<>();
    PolicyStudy study = study(prices, target);
    policies.forEach(name -> outcomes.put(name, study.onDev(study.settings().get(name).get())));
    return outcomes;
  }

  /**
   * Evaluates.
   *
   * @param devRowsInAll rows of dev, of which some may have been left out
   */
  public TaskEvaluation evaluate(
      String modelId, Prices prices, Calibration.Target target, int devRowsInAll) {
    PolicyStudy study = study(prices, target);
    List<Exit> exits = study.calibration().exits();
    IntFunction<Tier> tierOf = row -> tierOf(exits, row);
    List<TaskEvaluation.PolicyRow> rows = new ArrayList<>();
    study
        .settings()
        .forEach(
            (name, fitted) -> {
              PolicyStudy.Candidate setting = fitted.get();
              rows.add(
                  row(
                      name,
                      setting.parameter(),
                      study.onDev(setting),
                      study.predicted(name, setting),
                      target));
            });
    return new TaskEvaluation(
        data.name(),
        modelId,
        data.score().id(),
        heldOut.rows(),
        dev.rows(),
        devRowsInAll,
        manifest.training().path("data_sha256").asText(),
        target,
        rows,
        study.curves(),
        exits(exits),
        TaskEvaluation.ClassFigures.of(
            BundleMeasurement.of(
                manifest.withExits(exits), dev, Optional.empty(), prices, stateBytesPerToken)),
        tiers.all().stream().map(d -> ReliabilityDiagrams.of(heldOut, dev, d)).toList(),
        RouterAssessment.of(dev, study.calibration(), tierOf),
        EmbeddingMap.of(dev, tierOf),
        manifest.metrics() == null ? null : manifest.metrics().path("seeds"));
  }

  private TaskEvaluation.PolicyRow row(
      String name,
      double parameter,
      PolicyOutcome outcome,
      PairedDrop predicted,
      Calibration.Target target) {
    PairedDrop drop = outcome.drop();
    return new TaskEvaluation.PolicyRow(
        name,
        Double.isNaN(parameter) ? null : parameter,
        outcome.score(data.score()),
        outcome.score(Score.ACCURACY),
        data.hasF1() ? outcome.score(Score.F1) : null,
        drop.points(),
        drop.lowerBound(target.confidence()),
        drop.upperBound(target.confidence()),
        predicted.points(),
        predicted.upperBound(target.confidence()),
        outcome.cost(),
        outcome.cloudOnlyCost(),
        outcome.costReduction(),
        outcome.layers(),
        outcome.started(),
        outcome.answered());
  }

  private List<TaskEvaluation.ExitRow> exits(List<Exit> exits) {
    int[] answered = new int[tiers.cloud() + 1];
    for (int row = 0; row < dev.rows(); row++) {
      answered[exits.get(CascadeOutcome.answeringExit(dev, row, exits)).depth()]++;
    }
    List<TaskEvaluation.ExitRow> rows = new ArrayList<>();
    for (int depth = dev.words() == null ? 1 : Exit.WORDS; depth <= tiers.cloud(); depth++) {
      int at = depth;
      Exit exit = exits.stream().filter(e -> e.depth() == at).findFirst().orElse(null);
      rows.add(
          new TaskEvaluation.ExitRow(
              depth,
              exit != null,
              exit == null ? null : exit.temperature(),
              exit == null ? null : exit.thresholds(),
              dev.accuracy(depth),
              answered[depth] / (double) dev.rows()));
    }
    return rows;
  }

  private Tier tierOf(List<Exit> exits, int row) {
    int depth = exits.get(CascadeOutcome.answeringExit(dev, row, exits)).depth();
    return tiers.tierAt(depth);
  }

  /** The target that a bundle was calibrated for. */
  public static Calibration.Target target(BundleManifest manifest) {
    JsonNode training = manifest.training();
    JsonNode node = training.has("calibration") ? training.path("calibration") : training;
    return Calibration.Target.of(node, manifest.labels());
  }
}
