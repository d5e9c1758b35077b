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
    this(bundle, dataSet, rows(bundle.manifest(), dataSet), cache, threads, progress);
  }

  private Recalibration(
      Bundle bundle,
      DataSet dataSet,
      TaskData data,
      FileCache cache,
      int threads,
      Function<String, TrainingProgress> progress) {
    this.bundle = bundle;
    this.dataSet = dataSet;
    this.data = data;
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
   */
  public record Result(
      Calibration calibration,
      ExitOutputs heldOut,
      ExitOutputs dev,
      Optional<ExitOutputs> exactDev,
      CascadeOutcome measured) {}

  /** The same for the model computed in other numbers. */
  public Recalibration in(Precision precision) {
    Bundle other = precision == Precision.FP32 ? bundle.inFp32() : bundle.inInt8(measureRanges());
    return new Recalibration(other, dataSet, data, cache, threads, progress);
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
    return survey.of(data.heldOut(), progress.apply(dataSet.name() + ", held out"));
  }

  /**
   * What the exits say of the dev rows.
   *
   * @param most rows to look at, from the top
   */
  public ExitOutputs dev(int most) {
    return survey.of(
        data.dev().subList(0, Math.min(most, data.dev().size())),
        progress.apply(dataSet.name() + ", dev"));
  }

  /**
   * Fits.
   *
   * @param stateBytesPerToken payload bytes of a hidden state, a token
   */
  public Result fit(Prices prices, double stateBytesPerToken, Calibration.Target target) {
    ExitOutputs heldOut = heldOut();
    ExitOutputs dev = dev(Integer.MAX_VALUE);
    PathCosts costs = PathCosts.of(bundle.manifest().tiers(), prices, stateBytesPerToken);
    Calibration calibration = Calibration.fit(heldOut, costs, target);
    CascadeOutcome measured = CascadeOutcome.of(dev, dev.allRows(), calibration.exits(), costs);
    return new Result(calibration, heldOut, dev, exactDev(), measured);
  }

  private Optional<ExitOutputs> exactDev() {
    if (bundle.manifest().precision() == Precision.FP32) {
      return Optional.empty();
    }
    return Optional.of(
        new ExitSurvey(bundle.inFp32(), cache, threads)
            .of(data.dev(), progress.apply(dataSet.name() + ", dev, fp32")));
  }

  /**
   * Writes a bundle with the same weights and this calibration.
   *
   * @param output the bundle's own folder, or another
   * @param commandLine recorded in the bundle
   */
  public Bundle write(
      Path output, Result result, Prices prices, Calibration.Target target, String commandLine) {
    MetricsJson metrics = new MetricsJson(dataSet.score());
    ObjectNode measured = object(bundle.manifest().metrics());
    measured.set(
        "held_out",
        kept(measured.path("held_out"), metrics.heldOut(result.heldOut(), result.calibration())));
    ObjectNode dev = metrics.of(result.dev(), result.measured());
    result.exactDev().ifPresent(exact -> dev.set(MetricsJson.IN_FP32, metrics.accuracies(exact)));
    measured.set("dev", kept(measured.path("dev"), dev));
    ObjectNode training = object(bundle.manifest().training());
    ObjectNode calibration = training.putObject("calibration");
    calibration.put("max_drop_points", target.maxDrop());
    calibration.put("confidence", target.confidence());
    calibration.put("command", commandLine);
    return new BundleWriter(output)
        .recalibrate(bundle, result.calibration(), prices, measured, training);
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
