package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options of every command. */
@OptionGroup(Heading.GENERAL)
public final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Properties file with values of options, e.g. topic-prefix=shop.")
  Path config;

  @Option(
      names = "--verbose",
      fallbackValue = "true",
      description = "Print stack traces of errors.")
  boolean verbose;

  @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
  boolean help;
}
