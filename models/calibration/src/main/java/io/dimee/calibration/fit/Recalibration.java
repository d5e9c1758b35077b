package io.dimee.calibration.fit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.LabelledData;
import io.dimee.calibration.data.TaskData;
import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Precision;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.routing.PathCosts;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.words.WordsExit;
import io.dimee.inference.words.WordsModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Fits a bundle's temperatures, thresholds, pools and router again, for other prices or another
 * target, on the rows that were held out when it was trained. Without training, and after the first
 * time without running the model.
 */
public final class Recalibration {
  /** Rows that activations are measured on: their largest values no longer grow with more. */
  private static final int RANGE_ROWS = 256;

  private final ObjectMapper json = new ObjectMapper();
  private final Bundle bundle;
  private final DataSet dataSet;
  private final TaskData data;
  private final Optional<WordsModel> words;
  private final ExitSurvey survey;
  private final FileCache cache;
  private final int threads;
  private final Function<String, TrainingProgress> progress;

  /**
   * Prepares to calibrate a bundle.
   *
   * @param dataSet that the bundle was trained on
   * @param threads cores that the model may use
   * @throws DataException when the data are not those that the bundle was trained on
   */
  public Recalibration(
      Bundle bundle,
      DataSet dataSet,
      FileCache cache,
      int threads,
      Function<String, TrainingProgress> progress) {
    this(
        bundle,
        dataSet,
        rows(bundle.manifest(), dataSet),
        bundle.manifest().wordsExit().map(exit -> WordsExit.model(bundle)),
        cache,
        threads,
        progress);
  }

  private Recalibration(
      Bundle bundle,
      DataSet dataSet,
      TaskData data,
      Optional<WordsModel> words,
      FileCache cache,
      int threads,
      Function<String, TrainingProgress> progress) {
    this.bundle = bundle;
    this.dataSet = dataSet;
    this.data = data;
    this.words = words;
    this.survey = new ExitSurvey(bundle, cache, threads);
    this.cache = cache;
    this.threads = threads;
    this.progress = progress;
  }

  /** The rows as they were divided when the bundle was trained. */
  private static TaskData rows(BundleManifest manifest, DataSet dataSet) {
    JsonNode training = manifest.training();
    JsonNode options = training.path("options");
    if (!options.path("heldOut").isInt() || !options.path("seed").isIntegralNumber()) {
      throw new DataException(
          "bundle %s: training.options does not say which rows were held out"
              .formatted(manifest.name()));
    }
    TaskData data =
        dataSet.rows(options.path("heldOut").intValue(), options.path("seed").longValue());
    String trainedOn = training.path("data_sha256").asText();
    String found = data.identity().path("data_sha256").asText();
    if (!found.equals(trainedOn)) {
      throw new DataException(
          "%s has the hash %s; the bundle %s was trained on %s, so rows that look held out may not be"
              .formatted(dataSet.place(), found, manifest.name(), trainedOn));
    }
    String measured = training.path(LabelledData.MEASURED_SHA256).asText();
    if (!measured.equals(data.identity().path(LabelledData.MEASURED_SHA256).asText())) {
      throw new DataException(
          "%s: the bundle %s was trained with other files in --dev and --test, so rows that look held out may not be"
              .formatted(dataSet.place(), manifest.name()));
    }
    dataSet.requireSeveralClasses(data);
    return data;
  }

  /**
   * The result.
   *
   * @param calibration thresholds, and what they should do on new rows
   * @param heldOut what the exits said of the held-out rows
   * @param dev what they said of the task's dev rows
   * @param exactDev what they would have said in fp32, where the bundle computes in other numbers
   * @param measured what the thresholds do on the dev rows
   * @param withoutWords what those do that were fitted without the exit that reads words alone,
   *     where it is asked
   */
  public record Result(
      Calibration calibration,
      ExitOutputs heldOut,
      ExitOutputs dev,
      Optional<ExitOutputs> exactDev,
      CascadeOutcome measured,
      Optional<CascadeOutcome> withoutWords) {}

  /** The same for the model computed in other numbers. */
  public Recalibration in(Precision precision) {
    Bundle other = precision == Precision.FP32 ? bundle.inFp32() : bundle.inInt8(measureRanges());
    return new Recalibration(other, dataSet, data, words, cache, threads, progress);
  }

  /**
   * The same with an exit that reads words alone, which is asked where that pays.
   *
   * @param train of the classifier of n-grams, on the rows that the bundle was trained on
   */
  public Recalibration withWords(Function<List<Example>, WordsModel> train) {
    return with(Optional.of(words.orElseGet(() -> train.apply(data.train()))));
  }

  /** The same of the encoder's exits alone. */
  public Recalibration withoutWords() {
    return with(Optional.empty());
  }

  private Recalibration with(Optional<WordsModel> model) {
    return new Recalibration(bundle, dataSet, data, model, cache, threads, progress);
  }

  private ActivationRanges measureRanges() {
    List<Example> rows = data.heldOut().subList(0, Math.min(RANGE_ROWS, data.heldOut().size()));
    try (TextTokenizer tokenizer = TextTokenizer.of(bundle)) {
      return new ModelFiles(bundle, cache)
          .measureRanges(
              EncodedExample.encode(tokenizer, rows).stream().map(EncodedExample::text).toList());
    }
  }

  /** All dev rows. */
  public List<Example> devExamples() {
    return data.dev();
  }

  /** What the exits say of the held-out rows. */
  public ExitOutputs heldOut() {
    return survey(data.heldOut(), ", held out");
  }

  /**
   * What the exits say of the dev rows.
   *
   * @param most rows to look at, from the top
   */
  public ExitOutputs dev(int most) {
    return survey(data.dev().subList(0, Math.min(most, data.dev().size())), ", dev");
  }

  /** What they say of the rows of no class to measure on, if there are any. */
  public Optional<ExitOutputs> outOfScopeDev() {
    return outOfScope(data.outOfScope().dev());
  }

  private Optional<ExitOutputs> outOfScope(List<Example> rows) {
    return rows.isEmpty() ? Optional.empty() : Optional.of(survey(rows, ", out of scope"));
  }

  private ExitOutputs survey(List<Example> rows, String stage) {
    return withWords(survey.of(rows, progress.apply(dataSet.name() + stage)), rows);
  }

  private ExitOutputs withWords(ExitOutputs outputs, List<Example> rows) {
    return words.map(model -> outputs.withWords(model, rows)).orElse(outputs);
  }

  /**
   * Fits.
   *
   * @param stateBytesPerToken payload bytes of a hidden state, a token
   * @param use of the exit that reads words alone; {@link #withWords} brings it
   * @param abstain when an answer is withheld
   */
  public Result fit(
      Prices prices,
      double stateBytesPerToken,
      Calibration.Target target,
      WordsUse use,
      AbstainRule abstain) {
    PathCosts costs = PathCosts.of(bundle.manifest().tiers(), prices, stateBytesPerToken);
    FittedCalibration.Goal goal = new FittedCalibration.Goal(costs, target, use, abstain);
    FittedCalibration fitted =
        FittedCalibration.of(
            heldOut(),
            abstain.isOn() ? outOfScope(data.outOfScope().heldOut()) : Optional.empty(),
            goal);
    Calibration calibration = fitted.calibration();
    ExitOutputs dev = fitted.read(dev(Integer.MAX_VALUE));
    return new Result(
        calibration,
        fitted.heldOut(),
        dev,
        exactDev().map(fitted::read),
        CascadeOutcome.of(dev, dev.allRows(), calibration.exits(), costs),
        fitted.withoutWords(dev, goal));
  }

  private Optional<ExitOutputs> exactDev() {
    if (bundle.manifest().precision() == Precision.FP32) {
      return Optional.empty();
    }
    ExitOutputs outputs =
        new ExitSurvey(bundle.inFp32(), cache, threads)
            .of(data.dev(), progress.apply(dataSet.name() + ", dev, fp32"));
    return Optional.of(withWords(outputs, data.dev()));
  }

  /**
   * Writes a bundle with the same weights and this calibration.
   *
   * @param output the bundle's own folder, or another
   * @param commandLine recorded in the bundle
   */
  public Bundle write(
      Path output,
      Result result,
      Prices prices,
      Calibration.Target target,
      AbstainRule abstain,
      String commandLine) {
    MetricsJson metrics = new MetricsJson(dataSet.score());
    ObjectNode measured = object(bundle.manifest().metrics());
    measured.set(
        "held_out",
        kept(measured.path("held_out"), metrics.heldOut(result.heldOut(), result.calibration())));
    ObjectNode dev = metrics.of(result.dev(), result.measured());
    result.exactDev().ifPresent(exact -> dev.set(MetricsJson.IN_FP32, metrics.accuracies(exact)));
    result
        .withoutWords()
        .ifPresent(without -> dev.set(MetricsJson.WITHOUT_WORDS, metrics.cascade(without)));
    measured.set("dev", kept(measured.path("dev"), dev));
    ObjectNode training = object(bundle.manifest().training());
    ObjectNode calibration = training.putObject("calibration");
    target.describe(calibration, bundle.manifest().labels());
    abstain.describe(calibration);
    calibration.put("command", commandLine);
    return new BundleWriter(output)
        .recalibrate(bundle, words, result.calibration(), prices, measured, training);
  }

  /** What only training can measure stays as it was. */
  private static ObjectNode kept(JsonNode old, ObjectNode fresh) {
    JsonNode exact = old.path(MetricsJson.BEFORE_COMPACTION);
    if (!exact.isMissingNode()) {
      fresh.set(MetricsJson.BEFORE_COMPACTION, exact);
    }
    return fresh;
  }

  private ObjectNode object(JsonNode node) {
    return node instanceof ObjectNode object ? object.deepCopy() : json.createObjectNode();
  }
}
