package io.dimee.calibration.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All policies on made-up exits: twelve, each surer and righter than the one before. */
@Tag("slow")
class TaskEvaluatorTest {
  private static final int HIDDEN = 8;
  private static final Calibration.Target TARGET = new Calibration.Target(2, 0.9);

  private static TaskEvaluator evaluator(int heldOut, int dev) {
    return new TaskEvaluator(
        Bundle.open(Path.of("../bundles/sst2")).manifest(),
        new GlueData(Path.of("unread"), GlueTask.SST2),
        outputs(1, heldOut),
        outputs(2, dev),
        768);
  }

  private static ExitOutputs outputs(long seed, int rows) {
    Random random = new Random(seed);
    float[][][] logits = new float[12][rows][2];
    float[][] embeddings = new float[rows][HIDDEN];
    int[] labels = new int[rows];
    int[] tokens = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = random.nextInt(2);
      double ease = random.nextDouble();
      double evidence = 0;
      for (int layer = 0; layer < 12; layer++) {
        evidence += (labels[row] == 1 ? 1 : -1) * ease + 0.5 * random.nextGaussian();
        logits[layer][row][1] = (float) evidence;
      }
      embeddings[row][0] = (float) ease;
      tokens[row] = 5 + random.nextInt(20);
    }
    return new ExitOutputs(logits, embeddings, labels, tokens);
  }

  @Test
  void shouldHoldEveryPolicyToTheSameRule() {
    // Given
    TaskEvaluator evaluator = evaluator(1_000, 500);

    // When
    TaskEvaluation evaluation = evaluator.evaluate("test@1", Prices.DEFAULT, TARGET, 900);

    // Then
    Map<String, TaskEvaluation.PolicyRow> rows =
        evaluation.policies().stream()
            .collect(Collectors.toMap(TaskEvaluation.PolicyRow::policy, row -> row));
    assertThat(rows.get("cloud-only").dropPoints()).isZero();
    assertThat(rows.get("cloud-only").costReduction()).isZero();
    assertThat(rows.get("edge-only").cost()).isEqualTo(9);
    for (String name : List.of("entropy", "patience", "confidence", "dimee-paper", "cascade")) {
      TaskEvaluation.PolicyRow row = rows.get(name);
      assertThat(row.predictedDropBound()).as(name).isLessThanOrEqualTo(TARGET.maxDrop());
      assertThat(row.dropLow()).isLessThanOrEqualTo(row.dropPoints());
      assertThat(row.dropHigh()).isGreaterThanOrEqualTo(row.dropPoints());
      assertThat(row.answered().stream().mapToDouble(d -> d).sum()).isCloseTo(1, within(1e-9));
    }
    // routers move work and leave the answers alone
    for (String name : List.of("random", "dimee", "adaptive", "perfect-routing")) {
      assertThat(rows.get(name).accuracy()).isEqualTo(rows.get("cascade").accuracy());
      assertThat(rows.get(name).cost())
          .isGreaterThanOrEqualTo(rows.get("perfect-routing").cost() - 1e-9);
    }
    assertThat(rows.get("oracle").accuracy()).isGreaterThan(rows.get("cascade").accuracy());
    assertThat(rows.get("cascade").costReduction()).isGreaterThan(0.3);
    assertThat(evaluation.curves()).containsKeys("cascade", "adaptive", "dimee-paper");
    assertThat(evaluation.exits()).hasSize(12);
    assertThat(evaluation.exits().stream().mapToDouble(TaskEvaluation.ExitRow::share).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(evaluation.map()).hasSize(500);
    assertThat(evaluation.reliability()).hasSize(3);
    assertThat(evaluation.router().pools().stream().flatMap(List::stream).mapToInt(i -> i).sum())
        .isEqualTo(500);
  }

  @Test
  void shouldSweepEveryPriceAroundTheGivenOnes() {
    // When
    Map<TaskEvaluator, Calibration.Target> tasks = new LinkedHashMap<>();
    tasks.put(evaluator(150, 80), TARGET);
    List<PriceSweep> sweeps = PriceSweep.all(tasks, Prices.DEFAULT, new Silence());

    // Then the default values of all prices give the same cost, and no router beats the bound
    assertThat(sweeps).hasSize(7);
    double[] atDefault =
        sweeps.stream()
            .mapToDouble(
                sweep -> {
                  double value =
                      switch (sweep.price()) {
                        case "per_kibibyte" -> 0;
                        case "offload.mobile_cloud" -> 5;
                        case "offload.mobile_edge", "offload.edge_cloud" -> 3;
                        default -> 1;
                      };
                  return sweep.policies().get("cascade").get(sweep.values().indexOf(value)).cost();
                })
            .toArray();
    assertThat(Arrays.stream(atDefault).max().orElseThrow())
        .isCloseTo(Arrays.stream(atDefault).min().orElseThrow(), within(1e-9));
    for (PriceSweep sweep : sweeps) {
      for (int i = 0; i < sweep.values().size(); i++) {
        assertThat(sweep.policies().get("adaptive").get(i).cost())
            .isGreaterThanOrEqualTo(sweep.policies().get("perfect-routing").get(i).cost() - 1e-9);
        assertThat(sweep.policies().get("cloud-only").get(i).costReduction()).isZero();
      }
    }
    // a mobile layer that costs four times another tier's is where routing pays
    PriceSweep mobile = sweeps.get(0);
    int dearest = mobile.values().size() - 1;
    assertThat(mobile.policies().get("adaptive").get(dearest).cost())
        .isLessThan(0.9 * mobile.policies().get("cascade").get(dearest).cost());
  }

  private static final class Silence implements TrainingProgress {
    @Override
    public void start(long total, long done) {
      assertThat(total).isPositive();
    }

    @Override
    public void step(long done, double loss) {
      assertThat(done).isPositive();
    }

    @Override
    public void end() {
      // nothing to close
    }
  }
}
