package io.dimee.lab.model;

import io.dimee.console.CommandGroup;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.CommonOptions;
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
      "Fine-tunes the multi-exit encoder on a GLUE task, calibrates it on held-out rows of train, measures it on dev,"
          + " and writes a bundle.",
      "Takes about half an hour an epoch of SST-2 on two cores. Ctrl-C is safe: --resume goes on from the last checkpoint.",
      "Epochs, held-out rows, seeds, extra rows and start follow a recipe for each task; options override it."
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
      description = "Folder with one folder a task (SST-2, ...), each with train.tsv and dev.tsv.")
  Path data;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--task",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "SST-2",
      description =
          "SST-2, MRPC, RTE, CoLA, QNLI, QQP or MNLI, several of them with commas between, or all. Default: ${DEFAULT-VALUE}")
  List<String> tasks;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description =
          "Folder of the bundle; its last part is the bundle's name. With several tasks, the folder above the bundles.")
  Path output;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--work",
      paramLabel = "DIR",
      required = true,
      description = "Folder for checkpoints; every task and seed gets a folder below it.")
  Path work;

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--resume",
      fallbackValue = "true",
      description =
          "Go on from the checkpoints in --work, and pass over bundles that are made already.")
  boolean resume;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs with seeds counting up; the one that does best on held-out rows becomes the bundle. Default: by task")
  Integer seeds;

  @Option(
      names = "--start",
      paramLabel = "DIR|none",
      description =
          "Bundle whose encoder training starts from. Default: qqp for QNLI, mnli for MRPC and RTE, beside the bundle that"
              + " is made; else none")
  String start;

  @Option(
      names = "--pooling",
      paramLabel = "all|by_text",
      description =
          "Whether an exit reads the mean over all tokens, or each text of a pair by itself."
              + " Default: by task")
  Pooling pooling;

  @Option(
      names = "--backbone",
      paramLabel = "NAME",
      description = "Pre-trained encoder: bge-small-en-v1.5 or e5-small-v2. Default: by task")
  String backbone;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over train. Default: by task")
  Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Rows a step. Default: 32")
  Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Peak learning rate of the encoder. Default: by task")
  Double learningRate;

  @Option(
      names = "--depth-weight",
      paramLabel = "POWER",
      description =
          "Exit i's loss counts i to this power: 1 is the paper's weighting, 0 treats all exits alike. Default: by task")
  Double depthWeight;

  @Option(
      names = "--distillation",
      paramLabel = "PART",
      description = "Part of earlier exits' target that comes from the last exit. Default: by task")
  Double distillation;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Longest input in word pieces. Default: 128")
  Integer maxTokens;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description = "Rows of train to calibrate on. Default: by task, 500 to 1000")
  Integer heldOut;

  @Option(names = "--seed", paramLabel = "N", description = "Default: 17")
  Long seed;

  @Mixin TargetOptions target;
  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    return new Training(this).run();
  }
}
