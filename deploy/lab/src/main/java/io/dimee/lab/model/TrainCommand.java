package io.dimee.lab.model;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.onnx.Pooling;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Makes a bundle. The training libraries are only on this command's class path, so no signature
 * here may name one of their types.
 */
@Command(
    name = "train",
    description = {
      "Trains a bundle on a GLUE data set.",
      "Fine-tunes the multi-exit encoder, calibrates it on held-out rows of train, measures it on dev, and writes"
          + " the bundle.",
      "Takes about half an hour per epoch of SST-2 on two cores. Ctrl-C is safe: --resume continues from the last"
          + " checkpoint.",
      "Epochs, held-out rows, seeds, extra rows and start follow a recipe for each data set; options override it."
    },
    footer = {
      "",
      "Example:",
      "  dimee train --data glue --task SST-2 --output models/bundles/sst2 --work /tmp/dimee-work",
      "  dimee train --data glue --task all --output models/bundles --work /tmp/dimee-work --resume"
    })
@CommandGroup(CommandGroup.Heading.MODELS)
@OptionGroup(Heading.TRAINING)
public final class TrainCommand implements Callable<Integer> {
  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory with one folder per data set (SST-2, ...), each with train.tsv and dev.tsv."
              + " Required.")
  Path data;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "SST-2",
      description =
          "Data sets: SST-2, MRPC, RTE, CoLA, QNLI, QQP or MNLI, separated by commas, or all. Default:"
              + " ${DEFAULT-VALUE}")
  List<String> tasks;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory of the bundle; its last part is the bundle's name. With several data sets, the parent"
              + " directory of the bundles. Required.")
  Path output;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--work",
      paramLabel = "DIR",
      required = true,
      description =
          "Directory for checkpoints, with a folder for each data set and seed. Required.")
  Path work;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--resume",
      fallbackValue = "true",
      description = "Continue from the checkpoints in --work, and skip bundles that exist.")
  boolean resume;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Number of runs, with seeds counting up; the one that does best on held-out rows becomes the bundle."
              + " Default: by data set")
  Integer seeds;

  @Option(
      names = "--start",
      paramLabel = "DIR|none",
      description =
          "Bundle whose encoder training starts from. Default: qqp for QNLI, mnli for MRPC and RTE, beside the"
              + " output; else none")
  String start;

  @Option(
      names = "--pooling",
      paramLabel = "all|by_text",
      description =
          "Token pooling: an exit reads the mean over all tokens, or each text of a pair separately. Default: by"
              + " data set")
  Pooling pooling;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      description = "Pre-trained encoder: bge-small-en-v1.5 or e5-small-v2. Default: by data set")
  String backbone;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training rows. Default: by data set")
  Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Rows per step. Default: 32")
  Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Peak learning rate of the encoder. Default: by data set")
  Double learningRate;

  @Option(
      names = "--depth-weight",
      paramLabel = "POWER",
      description =
          "Weight of exit i's loss: i to this power; 1 is the paper's weighting, 0 weights all exits alike."
              + " Default: by data set")
  Double depthWeight;

  @Option(
      names = "--distillation",
      paramLabel = "PART",
      description =
          "Share of an early exit's target that comes from the last exit. Default: by data set")
  Double distillation;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Maximum length of an input in tokens. Default: 128")
  Integer maxTokens;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description =
          "Training rows that are held out for calibration. Default: by data set, 500 to 1000")
  Integer heldOut;

  @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: 17")
  Long seed;

  @Mixin TargetOptions target;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    return new Training(this).run();
  }
}
