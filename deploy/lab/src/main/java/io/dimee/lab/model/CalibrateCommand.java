package io.dimee.lab.model;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.MachineOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.PricesOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Recalibrates a bundle. As with train, no signature here may name a type of the training
 * libraries.
 */
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
      paramLabel = "DIR",
      required = true,
      description =
          "Directory with the data that the bundle was trained on, one folder per data set. Required.")
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

  @Mixin TargetOptions target;
  @Mixin PricesOption prices;
  @Mixin MachineOptions machine;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    return new Calibrating(this).run();
  }
}
