package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataSet;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.GlueData;
import io.dimee.calibration.data.GlueTask;
import io.dimee.calibration.data.LabelledData;
import io.dimee.calibration.data.LabelledTexts;
import io.dimee.calibration.data.Reading;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.fit.AbstainRule;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.ExitOutputs;
import io.dimee.calibration.fit.Recalibration;
import io.dimee.calibration.fit.WordsUse;
import io.dimee.calibration.words.WordsSettings;
import io.dimee.calibration.words.WordsTrainer;
import io.dimee.console.Bundles;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.MachineOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.OutputFile;
import io.dimee.console.PricesOption;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Precision;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.words.WordsModel;
import io.dimee.lab.data.DataOptions;
import io.dimee.lab.data.LabTables;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Recalibrates a bundle. */
@Command(
    name = "calibrate",
    description = {
      "Recalibrates a bundle for given prices and an accepted drop in accuracy.",
      "Fits temperatures, thresholds, pools and the adaptive router on the rows that were held out when the bundle"
          + " was trained, and shows the expected figures beside those of dev. The first time, the model runs over these"
          + " rows; the outputs of its exits are cached, so that other prices take seconds."
    },
    footer = {
      "",
      "Example:",
      "  dimee calibrate --data glue --bundle sst2 --prices dear-mobile.json --output /tmp/sst2-dear-mobile"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
public final class CalibrateCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "FILE|DIR",
      required = true,
      description =
          "Data that the bundle was trained on: labelled texts, or for GLUE a directory with one folder per data set."
              + " Required.")
  Path data;

  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      defaultValue = "sst2",
      description =
          "Name of a bundle of this project, or a bundle's directory. Default: ${DEFAULT-VALUE}")
  String bundle;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory to write the calibrated bundle to. Default: the bundle's own")
  Path output;

  @OptionGroup(Heading.MODEL)
  @Option(
      names = "--precision",
      paramLabel = "fp32|int8",
      description =
          "Precision of the encoder's layers from now on. int8 is about three times as fast on processors with"
              + " VNNI. Default: the bundle's")
  String precision;

  @Option(
      names = "--dry-run",
      fallbackValue = "true",
      description = "Show the result without writing a bundle.")
  boolean dryRun;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write thresholds, predicted and measured figures to this file as JSON.")
  Path json;

  @Mixin DataOptions own;
  @Mixin TargetOptions target;
  @Mixin WordsOption words;
  @Mixin AbstainOptions abstain;
  @Mixin PricesOption prices;
  @Mixin MachineOptions machine;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  /** What the bundle was trained on, read as it was then. */
  private DataSet dataSet(BundleManifest manifest) {
    Optional<Reading> recorded = LabelledTexts.readingOf(manifest);
    if (recorded.isEmpty()) {
      return new GlueData(data, GlueTask.of(manifest.task()));
    }
    return LabelledData.of(
        manifest,
        own.files(data),
        own.sayHowToRead() ? own.reading() : recorded.get(),
        LabTables::open);
  }

  @Override
  public Integer call() throws IOException {
    try (Interrupt interrupt = Interrupt.install();
        OutputFile file = OutputFile.open("json", json)) {
      Optional<Precision> other = precision();
      Bundle from = Bundle.open(Bundles.find(bundle));
      Prices inForce = prices.or(from.manifest().prices());
      boolean isGlue = LabelledTexts.readingOf(from.manifest()).isEmpty();
      Calibration.Target goal = target.target(from.manifest().labels(), isGlue);
      WordsUse use = words.use(isGlue);
      AbstainRule rule = abstain.rule();
      rule.requireFor(from.manifest().labels());
      TrainingBars bars = new TrainingBars(spec, interrupt);
      Recalibration recalibration =
          new Recalibration(
              from, dataSet(from.manifest()), machine.cache(), machine.threads(), bars);
      if (other.isPresent()) {
        recalibration = recalibration.in(other.get());
      }
      recalibration =
          use != WordsUse.OFF
              ? recalibration.withWords(train -> words(from.manifest(), train, bars))
              : recalibration.withoutWords();
      Recalibration.Result result =
          recalibration.fit(
              inForce, HiddenBytes.perToken(from.manifest().encoder().hidden()), goal, use, rule);
      PrintWriter out = spec.commandLine().getOut();
      CalibrationReport.print(result, goal, from.manifest().labels(), out);
      CalibrationReport.printAbstention(rule, result.calibration(), out);
      if (file != null) {
        file.line(CalibrationReport.json(result));
      }
      if (!dryRun) {
        Bundle written =
            recalibration.write(
                output == null ? from.directory() : output,
                result,
                inForce,
                goal,
                rule,
                Invocation.of(spec));
        if (!isGlue) {
          describe(from, written, recalibration, result, inForce);
        }
        out.printf("bundle %s in %s%n", written.modelId(), written.directory());
      }
      return ExitCode.DONE;
    } catch (DataException e) {
      throw new ConfigurationException(e.getMessage(), e);
    }
  }

  private static void describe(
      Bundle from,
      Bundle written,
      Recalibration recalibration,
      Recalibration.Result result,
      Prices inForce) {
    BundleManifest manifest = written.manifest();
    ExitOutputs dev = result.dev();
    BundleMeasurement measured =
        BundleMeasurement.of(
            manifest,
            dev,
            manifest.abstainBelow() == null
                ? Optional.empty()
                : recalibration.outOfScopeDev().map(rows -> rows.stacked(manifest.exits())),
            inForce,
            HiddenBytes.perToken(manifest.encoder().hidden()));
    Optional<ClassReport> baseline =
        dev.words() == null
            ? Optional.empty()
            : Optional.of(ClassReport.of(dev.labels(), dev.answers(Exit.WORDS), manifest.labels()));
    new BundleDescription(written, measured, result.withoutWords(), baseline)
        .writeWithChecksOf(from.directory());
  }

  private static WordsModel words(BundleManifest manifest, List<Example> train, TrainingBars bars) {
    return new WordsTrainer(
            WordsSettings.defaults(manifest.training().path("seed").asLong()),
            bars.apply("n-grams"))
        .train(train, manifest.labels().size(), List.of());
  }

  private Optional<Precision> precision() {
    if (precision == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Precision.valueOf(precision.toUpperCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "precision=%s is not known; valid: fp32, int8".formatted(precision), e);
    }
  }
}
