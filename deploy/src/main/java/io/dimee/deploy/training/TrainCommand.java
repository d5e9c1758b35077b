package io.dimee.deploy.training;

import io.dimee.deploy.console.CommonOptions;
import java.nio.file.Path;
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
      "Takes about half an hour an epoch of SST-2 on two cores. Ctrl-C is safe: --resume goes on from the last checkpoint."
    },
    footer = {
      "",
      "Example:",
      "  dimee train --data glue --task SST-2 --output models/bundles/sst2 --work /tmp/sst2-run"
    })
public final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with one folder a task (SST-2, ...), each with train.tsv and dev.tsv.")
  Path data;

  @Option(
      names = "--task",
      paramLabel = "NAME",
      defaultValue = "SST-2",
      description = "SST-2, MRPC, RTE, CoLA, QNLI, QQP or MNLI. Default: ${DEFAULT-VALUE}")
  String task;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Folder of the bundle; its last part is the bundle's name.")
  Path output;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      required = true,
      description = "Folder for checkpoints.")
  Path work;

  @Option(
      names = "--resume",
      fallbackValue = "true",
      description = "Go on from the checkpoint in --work.")
  boolean resume;

  @Option(
      names = "--max-drop",
      paramLabel = "POINTS",
      defaultValue = "0.3",
      description =
          "Accuracy that early exits may cost against the last exit, in points. Default: ${DEFAULT-VALUE}")
  double maxDrop;

  @Option(
      names = "--confidence",
      paramLabel = "PROBABILITY",
      defaultValue = "0.9",
      description = "With which new rows lose no more than --max-drop. Default: ${DEFAULT-VALUE}")
  double confidence;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over train. Default: 2")
  Integer epochs;

  @Option(names = "--batch-size", paramLabel = "N", description = "Rows a step. Default: 32")
  Integer batchSize;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Peak learning rate of the encoder. Default: 5e-5")
  Double learningRate;

  @Option(
      names = "--distillation",
      paramLabel = "PART",
      description = "Part of earlier exits' target that comes from the last exit. Default: 0.5")
  Double distillation;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Longest input in word pieces. Default: 128")
  Integer maxTokens;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description = "Rows of train to calibrate on. Default: 1000")
  Integer heldOut;

  @Option(names = "--seed", paramLabel = "N", description = "Default: 17")
  Long seed;

  @Mixin CommonOptions common;
  @Spec CommandSpec spec;

  @Override
  public Integer call() {
    return new Training(this).run();
  }
}
