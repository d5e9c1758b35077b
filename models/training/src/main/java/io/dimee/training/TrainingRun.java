package io.dimee.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.ClassWeights;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.TaskData;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.evaluation.LabelIssues;
import io.dimee.calibration.evaluation.NgramBaseline;
import io.dimee.calibration.evaluation.RowIssues;
import io.dimee.calibration.fit.AbstainRule;
import io.dimee.calibration.fit.BundleWriter;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.FittedCalibration;
import io.dimee.calibration.fit.Metric;
import io.dimee.calibration.fit.MetricsJson;
import io.dimee.calibration.fit.TemperatureScaling;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.calibration.fit.WordsUse;
import io.dimee.calibration.words.WordsFit;
import io.dimee.calibration.words.WordsSettings;
import io.dimee.calibration.words.WordsTrainer;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.onnx.Pooling;
import io.dimee.inference.routing.PathCosts;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/** Makes a bundle from a task's data: trains, calibrates on held-out rows, measures, writes. */
public final class TrainingRun {
  /** Of the rows that labels are doubted on: enough for that, and quick. */
  private static final int FOLDS = 3;

  private final ObjectMapper json = new ObjectMapper();
  private final Plan plan;
  private final MetricsJson measures;
  private final Function<String, TrainingProgress> progress;
  private final Consumer<Duration> estimated;

  /**
   * Creates a run.
   *
   * @param progress makes a progress display for a named stage
   * @param estimated is told before training begins how long it will take, unless it continues
   */
  public TrainingRun(
      Plan plan, Function<String, TrainingProgress> progress, Consumer<Duration> estimated) {
    this.plan = plan;
    this.measures = new MetricsJson(plan.data().score());
    this.progress = progress;
    this.estimated = estimated;
  }

  /**
   * What to make.
   *
   * @param name the bundle's name
   * @param data what to train, calibrate and measure on
   * @param work folder for checkpoints
   * @param output the bundle's folder
   * @param start folder of the bundle whose encoder training starts from
   * @param resume whether to continue from checkpoints; without it, one that exists is an error
   * @param timeLimit of the steps of all seeds, which are fewer where they take longer
   * @param earlyStopping epochs without a better one on held-out rows after which training ends,
   *     and the best is kept; empty for all epochs and the last
   * @param classWeights what a row of each class counts in training
   * @param target what the thresholds may cost
   * @param words whether there may be an exit that reads words alone
   * @param abstain when an answer is withheld
   * @param stateBytes payload bytes of a hidden state, a token, by its size
   * @param commandLine recorded in the bundle
   */
  public record Plan(
      String name,
      Recipe recipe,
      DataSet data,
      Path work,
      Path output,
      Optional<Path> start,
      boolean resume,
      Optional<Duration> timeLimit,
      Optional<Integer> earlyStopping,
      ClassWeights classWeights,
      Calibration.Target target,
      WordsUse words,
      AbstainRule abstain,
      TierDepths tiers,
      Prices prices,
      IntToDoubleFunction stateBytes,
      String commandLine) {}

  /**
   * The result.
   *
   * @param calibration thresholds, and what they should do on new rows
   * @param dev what they do on the task's dev rows
   * @param withoutWords what those do on dev that were fitted without the exit that reads words
   *     alone, where it is asked
   * @param measured what the bundle's thresholds do, class by class and exit by exit
   * @param baseline what words alone do on dev
   * @param accuracies on dev, by layer
   * @param data what was trained and measured on
   * @param devOutputs what every exit says of the dev rows
   * @param issues rows to train on whose labels are likely wrong
   * @param outliers rows to train on that no class lays claim to
   */
  public record Report(
      Bundle bundle,
      Calibration calibration,
      CascadeOutcome dev,
      Optional<CascadeOutcome> withoutWords,
      BundleMeasurement measured,
      ClassReport baseline,
      List<Double> accuracies,
      TaskData data,
      ExitOutputs devOutputs,
      List<LabelIssues.Issue> issues,
      List<RowIssues.Outlier> outliers) {}

  /**
   * Runs to the end.
   *
   * @return empty when the bundle is there already, made from the same data with the same options
   */
  public Optional<Report> run() {
    Recipe recipe = plan.recipe();
    TrainingOptions options = recipe.options();
    Optional<Bundle> start = plan.start().map(Bundle::open);
    start.ifPresent(bundle -> checkBackbone(bundle, recipe.backbone()));
    if (recipe.pooling() == Pooling.BY_TEXT && !plan.data().isPair()) {
      throw new DataException(
          "pooling=by_text needs pairs of texts; %s has single ones".formatted(plan.data().name()));
    }
    if (recipe.tune() == Tune.exits && start.isPresent()) {
      throw new DataException(
          "tune=exits trains on the pre-trained encoder; start=%s brings another one"
              .formatted(start.get().directory()));
    }
    TaskData data = plan.data().rows(options.heldOut(), options.seed());
    plan.data().requireSeveralClasses(data);
    data.identity().put("backbone", recipe.backbone());
    if (recipe.pooling() != Pooling.ALL) {
      data.identity().put("pooling", recipe.pooling().name().toLowerCase(Locale.ROOT));
    }
    if (recipe.tune() != Tune.all) {
      data.identity().put("tune", recipe.tune().name());
    }
    if (!plan.classWeights().isNone()) {
      data.identity().set("class_weights", plan.classWeights().json());
    }
    start.ifPresent(bundle -> data.identity().put("start", bundle.modelId()));
    plan.earlyStopping().ifPresent(epochs -> data.identity().put("early_stopping", epochs));
    if (plan.resume() && isDone(data.identity())) {
      return Optional.empty();
    }
    List<SeedRun> runs = new ArrayList<>();
    for (int i = 0; i < recipe.seeds(); i++) {
      long seed = options.seed() + i;
      SeedRun run =
          new SeedRun(
              plan.work().resolve("seed-" + seed), plan.resume(), options.withSeed(seed), progress);
      run.prepare(data.identity());
      runs.add(run);
    }
    Backbone backbone = Backbone.load(recipe.backbone());
    Adapter initial = new Adapter(backbone, start.map(Bundle::adapter).orElse(Map.of()));
    SeedRun.Rows rows;
    try (TextTokenizer tokenizer = TextTokenizer.load(recipe.backbone(), options.maxTokens())) {
      rows =
          new SeedRun.Rows(
              EncodedExample.encode(tokenizer, data.train()),
              EncodedExample.encode(tokenizer, data.heldOut()),
              EncodedExample.encode(tokenizer, data.dev()),
              EncodedExample.encode(tokenizer, data.outOfScope().heldOut()),
              EncodedExample.encode(tokenizer, data.outOfScope().dev()));
    }
    List<Double> classWeights = plan.classWeights().of(data.train(), plan.data().labels());
    Trainer.Exits exits =
        new Trainer.Exits(
            plan.data().labels().size(), recipe.pooling(), recipe.tune(), classWeights);
    if (runs.stream().noneMatch(SeedRun::isBegun)) {
      Duration one = TimeEstimate.of(backbone, initial, rows, options, exits);
      estimated.accept(one.multipliedBy(recipe.seeds()));
    }
    List<SeedRun.Result> results = new ArrayList<>();
    for (SeedRun run : runs) {
      results.add(
          run.run(
              backbone,
              initial,
              rows,
              exits,
              plan.timeLimit().map(limit -> limit.dividedBy(recipe.seeds())),
              plan.earlyStopping().map(patience -> new SeedRun.Stopping(patience, this::score))));
    }
    return Optional.of(write(backbone, best(results), results, data));
  }

  /** The classifier of n-grams, and what others that had not seen a row say about it. */
  private WordsFit words(TaskData data) {
    return new WordsTrainer(
            WordsSettings.defaults(plan.recipe().options().seed()).withFolds(FOLDS),
            progress.apply("n-grams"))
        .fit(
            data.train(),
            plan.data().labels().size(),
            plan.classWeights().of(data.train(), plan.data().labels()));
  }

  private static void checkBackbone(Bundle start, String backbone) {
    String other = start.manifest().backbone().name();
    if (!other.equals(backbone)) {
      throw new DataException(
          "start=%s is made for the backbone %s, this run for backbone=%s"
              .formatted(start.directory(), other, backbone));
    }
  }

  private boolean isDone(ObjectNode identity) {
    if (!Files.exists(plan.output().resolve(Bundle.MANIFEST))) {
      return false;
    }
    JsonNode made = json.valueToTree(Bundle.open(plan.output()).manifest().training());
    return training(identity).properties().stream()
        .allMatch(
            entry -> entry.getValue().toString().equals(made.path(entry.getKey()).toString()));
  }

  /** What decides a bundle's weights and thresholds. */
  private ObjectNode training(ObjectNode identity) {
    ObjectNode training = identity.deepCopy();
    training.set("options", json.valueToTree(plan.recipe().options()));
    training.put("seeds", plan.recipe().seeds());
    plan.target().describe(training, plan.data().labels());
    if (plan.words() != WordsUse.OFF) {
      training.put("words", plan.words().name().toLowerCase(Locale.ROOT));
    }
    plan.abstain().describe(training);
    plan.timeLimit().ifPresent(limit -> training.put("time_limit_s", limit.toSeconds()));
    return training;
  }

  /**
   * How well the last exit does on held-out rows, for the choice between seeds and epochs. Its
   * likelihood decides: shares of right answers on a thousand rows differ by chance alone;
   * likelihood counts how right and how wrong each answer is. Where another metric than accuracy is
   * asked for, it decides: likelihood counts rows, not classes. dev is only looked at in the
   * report.
   */
  private double score(ExitOutputs heldOut) {
    Metric metric = plan.target().metric();
    return metric.kind() == Metric.Kind.ACCURACY
        ? -loss(heldOut)
        : metric.of(
            heldOut.labels(), heldOut.answers(heldOut.layers()), plan.data().labels().size());
  }

  private SeedRun.Result best(List<SeedRun.Result> results) {
    return results.stream()
        .max(Comparator.comparingDouble(result -> score(result.heldOut())))
        .orElseThrow();
  }

  private static double loss(ExitOutputs heldOut) {
    return TemperatureScaling.loss(heldOut.logits()[heldOut.layers() - 1], heldOut.labels());
  }

  private ExitOutputs withWords(ExitOutputs outputs, WordsModel words, List<Example> rows) {
    return plan.words() == WordsUse.OFF ? outputs : outputs.withWords(words, rows);
  }

  private Report write(
      Backbone backbone, SeedRun.Result best, List<SeedRun.Result> results, TaskData data) {
    WordsFit fit = words(data);
    WordsModel words = fit.model();
    ClassReport baseline = NgramBaseline.of(words, data.dev(), plan.data().labels());
    TaskData.OutOfScope outOfScope = data.outOfScope();
    PathCosts costs =
        PathCosts.of(
            plan.tiers(),
            plan.prices(),
            plan.stateBytes().applyAsDouble(backbone.architecture().hidden()));
    FittedCalibration.Goal goal =
        new FittedCalibration.Goal(costs, plan.target(), plan.words(), plan.abstain());
    FittedCalibration fitted =
        FittedCalibration.of(
            withWords(best.heldOut(), words, data.heldOut()),
            best.outOfScopeHeldOut()
                .map(outputs -> withWords(outputs, words, outOfScope.heldOut())),
            goal);
    Calibration calibration = fitted.calibration();
    ExitOutputs heldOutputs = fitted.heldOut();
    ExitOutputs devOutputs = fitted.read(withWords(best.dev(), words, data.dev()));
    CascadeOutcome dev =
        CascadeOutcome.of(devOutputs, devOutputs.allRows(), calibration.exits(), costs);
    Optional<CascadeOutcome> withoutWords = fitted.withoutWords(devOutputs, goal);
    ObjectNode metrics = json.createObjectNode();
    ObjectNode heldOut = measures.heldOut(heldOutputs, calibration);
    heldOut.set(MetricsJson.BEFORE_COMPACTION, measures.accuracies(best.exactHeldOut()));
    metrics.set("held_out", heldOut);
    ObjectNode onDev = measures.of(devOutputs, dev);
    withoutWords.ifPresent(
        without -> onDev.set(MetricsJson.WITHOUT_WORDS, measures.cascade(without)));
    metrics.set("dev", onDev);
    ObjectNode ngrams = metrics.putObject("ngram_baseline");
    ngrams.put("accuracy", baseline.accuracy());
    ngrams.put("macro_f1", baseline.macroF1());
    ArrayNode seeds = metrics.putArray("seeds");
    for (SeedRun.Result result : results) {
      ObjectNode node = seeds.addObject();
      node.put("seed", result.seed());
      node.put("held_out_loss", loss(result.heldOut()));
      node.put("held_out_score", measures.lastExitScore(result.heldOut()));
      node.put("dev_score", measures.lastExitScore(result.dev()));
      node.set("dev_accuracy_by_layer", measures.accuracies(result.dev()));
    }
    ObjectNode training = training(data.identity());
    training.put("seed", best.seed());
    training.put("command", plan.commandLine());
    Bundle bundle =
        new BundleWriter(plan.output())
            .write(
                new BundleWriter.Description(
                    plan.name(),
                    plan.data(),
                    plan.recipe().options().maxTokens(),
                    plan.tiers(),
                    plan.prices(),
                    metrics,
                    training),
                backbone,
                best.tuned(),
                Optional.of(words),
                calibration);
    List<Double> byLayer = new ArrayList<>();
    for (int depth = 1; depth <= devOutputs.layers(); depth++) {
      byLayer.add(devOutputs.accuracy(depth));
    }
    BundleMeasurement measured =
        BundleMeasurement.of(
            bundle.manifest(),
            devOutputs,
            best.outOfScopeDev()
                .map(outputs -> fitted.read(withWords(outputs, words, outOfScope.dev()))),
            plan.prices(),
            plan.stateBytes().applyAsDouble(backbone.architecture().hidden()));
    return new Report(
        bundle,
        calibration,
        dev,
        withoutWords,
        measured,
        baseline,
        byLayer,
        data,
        devOutputs,
        LabelIssues.of(data.train(), fit.outOfFold()),
        RowIssues.outliers(data.train(), fit.outOfFold()));
  }
}
