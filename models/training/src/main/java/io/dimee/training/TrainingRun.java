package io.dimee.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.Backbone;
import io.dimee.inference.Bundle;
import io.dimee.inference.CostModel;
import io.dimee.inference.Hashing;
import io.dimee.inference.Prices;
import io.dimee.inference.Tensor;
import io.dimee.inference.TextTokenizer;
import io.dimee.inference.TierDepths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes a bundle from a task's data: trains, calibrates on held-out rows, measures, writes. */
public final class TrainingRun {
  private static final String CHECKPOINT = "checkpoint.safetensors";
  private static final String RUN = "run.json";

  private final ObjectMapper json = new ObjectMapper();
  private final Plan plan;
  private final Function<String, TrainingProgress> progress;

  /**
   * Creates a run.
   *
   * @param progress makes a progress display for a named stage
   */
  public TrainingRun(Plan plan, Function<String, TrainingProgress> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * What to make.
   *
   * @param name the bundle's name
   * @param data folder with the task's train and dev files
   * @param work folder for checkpoints
   * @param output the bundle's folder
   * @param resume whether to go on from a checkpoint; without it, one that exists is an error
   * @param target what the thresholds may cost
   * @param commandLine recorded in the bundle
   */
  public record Plan(
      String name,
      GlueTask task,
      Path data,
      Path work,
      Path output,
      boolean resume,
      Calibration.Target target,
      TierDepths tiers,
      Prices prices,
      TrainingOptions options,
      String commandLine) {}

  /**
   * The result.
   *
   * @param calibration thresholds, and what they should do on new rows
   * @param dev what they do on the task's dev rows
   * @param accuracies on dev, by layer
   */
  public record Report(
      Bundle bundle, Calibration calibration, CascadeOutcome dev, List<Double> accuracies) {}

  /** Runs to the end. */
  public Report run() {
    Path trainFile = plan.data().resolve("train.tsv");
    List<Example> examples = GlueFile.read(plan.task(), trainFile);
    List<Example> devExamples =
        GlueFile.read(plan.task(), plan.data().resolve(plan.task().devFile()));
    HoldOut parts = HoldOut.split(examples, plan.options().heldOut(), plan.options().seed());
    ObjectNode identity = identity(trainFile, parts);
    prepareWork(identity);
    Backbone backbone = Backbone.load();
    try (TextTokenizer tokenizer = TextTokenizer.load(plan.options().maxTokens());
        Trainer trainer = new Trainer(backbone, plan.options(), plan.task().labels().size())) {
      trainer.train(
          EncodedExample.encode(tokenizer, parts.train()),
          plan.work().resolve(CHECKPOINT),
          progress.apply("train"));
      List<EncodedExample> heldOut = EncodedExample.encode(tokenizer, parts.heldOut());
      List<EncodedExample> dev = EncodedExample.encode(tokenizer, devExamples);
      Map<String, Tensor> exact = trainer.weights();
      Map<String, Tensor> stored = BundleWriter.asStored(backbone, exact);
      ExitOutputs exactDev = trainer.evaluate(dev, exact, progress.apply("dev, before compaction"));
      ExitOutputs heldOutOutputs = trainer.evaluate(heldOut, stored, progress.apply("held out"));
      ExitOutputs devOutputs = trainer.evaluate(dev, stored, progress.apply("dev"));
      return write(backbone, stored, new Measured(heldOutOutputs, exactDev, devOutputs), identity);
    }
  }

  private record Measured(ExitOutputs heldOut, ExitOutputs exactDev, ExitOutputs dev) {}

  private Report write(
      Backbone backbone, Map<String, Tensor> tuned, Measured measured, ObjectNode identity) {
    CostModel costs = new CostModel(plan.prices(), plan.tiers().cloud());
    Calibration calibration =
        Calibration.fit(measured.heldOut(), plan.tiers(), costs, plan.target());
    CascadeOutcome dev =
        CascadeOutcome.of(
            measured.dev(),
            measured.dev().allRows(),
            calibration.exits(),
            new CascadeCosts(plan.tiers(), costs));
    ObjectNode metrics = json.createObjectNode();
    ObjectNode heldOutMetrics = metrics(measured.heldOut(), calibration.predicted());
    heldOutMetrics.put("drop_bound_points", calibration.dropBound());
    metrics.set("held_out", heldOutMetrics);
    ObjectNode devMetrics = metrics(measured.dev(), dev);
    devMetrics.set("accuracy_by_layer_before_compaction", accuracies(measured.exactDev()));
    metrics.set("dev", devMetrics);
    ObjectNode training = identity.deepCopy();
    training.put("max_drop_points", plan.target().maxDrop());
    training.put("confidence", plan.target().confidence());
    training.put("command", plan.commandLine());
    Bundle bundle =
        new BundleWriter(plan.output())
            .write(
                new BundleWriter.Description(
                    plan.name(),
                    plan.task(),
                    plan.options().maxTokens(),
                    plan.tiers(),
                    plan.prices(),
                    metrics,
                    training),
                backbone,
                tuned,
                calibration);
    List<Double> byLayer = new ArrayList<>();
    for (int depth = 1; depth <= measured.dev().layers(); depth++) {
      byLayer.add(measured.dev().accuracy(depth));
    }
    return new Report(bundle, calibration, dev, byLayer);
  }

  private ObjectNode metrics(ExitOutputs outputs, CascadeOutcome cascade) {
    ObjectNode node = json.createObjectNode();
    node.put("rows", outputs.rows());
    node.set("accuracy_by_layer", accuracies(outputs));
    ObjectNode replay = node.putObject("cascade");
    replay.put("accuracy", cascade.accuracy());
    replay.put("drop_points", cascade.dropPoints());
    replay.put("cost_mean", cascade.cost());
    replay.put("cloud_only_cost_mean", cascade.cloudOnlyCost());
    replay.put("cost_reduction", cascade.costReduction());
    cascade.shares().forEach(replay.withArray("share")::add);
    return node;
  }

  private ArrayNode accuracies(ExitOutputs outputs) {
    ArrayNode array = json.createArrayNode();
    for (int depth = 1; depth <= outputs.layers(); depth++) {
      array.add(outputs.accuracy(depth));
    }
    return array;
  }

  private ObjectNode identity(Path trainFile, HoldOut parts) {
    try {
      ObjectNode node = json.createObjectNode();
      node.put("data_sha256", Hashing.sha256(trainFile));
      node.put("rows_trained", parts.train().size());
      node.put("rows_held_out", parts.heldOut().size());
      node.set("options", json.valueToTree(plan.options()));
      return node;
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(trainFile, e), e);
    }
  }

  /** A checkpoint may only be continued by the run that made it: same data, same options. */
  private void prepareWork(ObjectNode identity) {
    Path file = plan.work().resolve(RUN);
    try {
      Files.createDirectories(plan.work());
      boolean begun = Files.exists(plan.work().resolve(CHECKPOINT));
      if (begun && !plan.resume()) {
        throw new DataException(
            "%s holds the checkpoint of an earlier run; continue it with --resume or choose another --work"
                .formatted(plan.work()));
      }
      if (begun
          && !json.readTree(Files.readAllBytes(file)).equals(json.readTree(identity.toString()))) {
        throw new DataException(
            "the checkpoint in %s was made with other data or options: %s"
                .formatted(plan.work(), Files.readString(file).strip()));
      }
      Files.writeString(file, identity + "\n");
    } catch (IOException e) {
      throw new DataException("cannot use the folder %s: %s".formatted(plan.work(), e), e);
    }
  }
}
