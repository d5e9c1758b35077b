package io.dimee.analytics.command;

import io.dimee.analytics.Analytics;
import io.dimee.analytics.Database;
import io.dimee.analytics.Export;
import io.dimee.analytics.QuerySession;
import io.dimee.analytics.TimeSpan;
import io.dimee.console.CacheOption;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.KafkaOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Files of what a topic holds. */
@Command(
    name = "export",
    description = {
      "Exports the records of a topic to Parquet or CSV files.",
      "Files lie in a folder for each value of --partition-by, which DuckDB, Spark and others read as columns."
    },
    footer = {
      "",
      "Examples:",
      "  dimee export --output predictions",
      "  dimee export --output letters --table dead_letters --format csv --partition-by reason --since 7d"
    })
@CommandGroup(CommandGroup.Heading.ANALYTICS)
final class ExportCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Directory to write to; must be empty or not exist. Required.")
  private Path output;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      defaultValue = "predictions",
      description = "predictions, events, dead_letters or ledger. Default: ${DEFAULT-VALUE}")
  private String table;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet or csv. Default: ${DEFAULT-VALUE}")
  private Export.Format format;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--partition-by",
      paramLabel = "COLUMN,...",
      defaultValue = "day",
      description =
          "Columns to partition by, e.g. day,tier; day and hour are those of the record's timestamp in UTC. none"
              + " writes a single file. Default: ${DEFAULT-VALUE}")
  private String partitionBy;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--overwrite",
      fallbackValue = "true",
      description = "Replace an earlier export in the directory.")
  private boolean overwrite;

  @Mixin private KafkaOptions kafka;
  @Mixin private TimeSpanOptions time;
  @Mixin private CacheOption cache;
  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (output == null) {
      throw new ConfigurationException(
          "output is missing; valid: a directory that is empty or does not exist");
    }
    List<String> partitions =
        partitionBy.equals("none") ? List.of() : Stream.of(partitionBy.split(",")).toList();
    Export export = new Export(table, format, partitions, output, overwrite);
    TimeSpan span = time.span();
    Path folder = Analytics.usable(cache.folder("query"));
    try (Cancellation cancellation = Cancellation.install();
        Database database = Database.load();
        RecordFormats formats = kafka.formats();
        ReadingBar bar = new ReadingBar(spec.commandLine().getErr())) {
      Analytics analytics =
          new Analytics(kafka.answering(), kafka.topics(), formats, folder, database);
      try (QuerySession session = analytics.open(table, span, false, bar)) {
        cancellation.cancels(session);
        Export.Result result = export.write(session);
        spec.commandLine()
            .getOut()
            .printf(
                "wrote %,d rows to %s: %,d files, %,d bytes%n",
                result.rows(), output, result.files(), result.bytes());
      } catch (Exception e) {
        return cancellation.codeOr(e, spec.commandLine().getErr());
      }
    }
    return ExitCode.DONE;
  }
}
