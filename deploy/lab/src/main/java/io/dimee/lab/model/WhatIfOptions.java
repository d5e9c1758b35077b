package io.dimee.lab.model;

import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Past predictions, and what to recompute of them. */
@OptionGroup(Heading.WHAT_IF)
final class WhatIfOptions {
  @Option(
      names = "--replay",
      paramLabel = "FILE.jsonl|-",
      description =
          "Predictions, one JSON object per line, as run --output and predictions --json write them.")
  Path predictions;

  @Option(
      names = "--thresholds",
      paramLabel = "FILE",
      description =
          "JSON file with other thresholds, {\"3\": 0.95, \"6\": [0.8, 0.7]}. Default: every answer stays at its"
              + " exit")
  Path thresholds;
}
