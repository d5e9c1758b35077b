package io.dimee.analytics.command;

import io.dimee.analytics.Analytics;
import io.dimee.analytics.Database;
import io.dimee.analytics.QuerySession;
import io.dimee.analytics.ResultPrinter;
import io.dimee.analytics.TimeSpan;
import io.dimee.console.CacheOption;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.KafkaOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.Table;
import io.dimee.console.Terminal;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** SQL over a cluster's topics. */
@Command(
    name = "query",
    description = {
      "Runs SQL (DuckDB) over the topics of a Kafka cluster.",
      "Records are cached on this machine, so that the next query reads only new ones. --views lists tables and"
          + " views."
    },
    footer = {
      "",
      "Examples:",
      "  dimee query \"SELECT tier, count(*), avg(cost.total) FROM predictions GROUP BY 1\"",
      "  dimee query --since 24h \"FROM savings\"",
      "  dimee query --csv --file report.sql > report.csv",
      "  dimee query --views"
    })
@CommandGroup(CommandGroup.Heading.ANALYTICS)
final class QueryCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Parameters(
      arity = "0..1",
      paramLabel = "SQL",
      description = "One or more statements, separated by semicolons, or - for standard input.")
  private String sql;

  @Option(names = "--file", paramLabel = "FILE.sql", description = "Read the SQL from this file.")
  private Path file;

  @Mixin private KafkaOptions kafka;
  @Mixin private TimeSpanOptions time;
  @Mixin private CacheOption cache;

  @Option(
      names = "--refresh",
      fallbackValue = "true",
      description = "Discard the cache and read all records again.")
  private boolean refresh;

  @OptionGroup(Heading.OUTPUT)
  @Option(names = "--json", fallbackValue = "true", description = "Print one JSON object per line.")
  private boolean asJson;

  @OptionGroup(Heading.OUTPUT)
  @Option(
      names = "--csv",
      fallbackValue = "true",
      description = "Print CSV (RFC 4180) with a header.")
  private boolean asCsv;

  @Option(
      names = "--views",
      fallbackValue = "true",
      description = "List the tables and views, and exit.")
  private boolean views;

  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    if (views) {
      out.println(
          new Table<Analytics.Name>()
              .text("name", Analytics.Name::name)
              .text("what", Analytics.Name::doc)
              .of(Analytics.names()));
      return ExitCode.DONE;
    }
    if (asJson && asCsv) {
      throw new ConfigurationException("json and csv cannot be combined; choose one");
    }
    String statement = statement();
    TimeSpan span = time.span();
    Path folder = Analytics.usable(cache.folder("query"));
    PrintWriter err = spec.commandLine().getErr();
    try (Cancellation cancellation = Cancellation.install();
        Database database = Database.load();
        RecordFormats formats = kafka.formats();
        ReadingBar bar = new ReadingBar(err)) {
      Analytics analytics =
          new Analytics(kafka.answering(), kafka.topics(), formats, folder, database);
      try (QuerySession session = analytics.open(statement, span, refresh, bar)) {
        cancellation.cancels(session);
        session.lockDown();
        session.run(statement, new Printers(out));
      } catch (Exception e) {
        return cancellation.codeOr(e, err);
      }
    }
    return ExitCode.DONE;
  }

  /** What prints one result after the other. */
  private final class Printers implements Supplier<ResultPrinter> {
    private final PrintWriter out;
    private boolean isFirst = true;

    private Printers(PrintWriter out) {
      this.out = out;
    }

    @Override
    public ResultPrinter get() {
      if (asJson) {
        return new JsonResult(out);
      }
      if (!isFirst && asCsv) {
        throw new ConfigurationException(
            "csv can hold only one result, and the SQL has several; valid: one statement that returns rows, or"
                + " --json");
      }
      if (!isFirst) {
        out.println();
      }
      isFirst = false;
      return asCsv ? new CsvResult(out, Terminal.isOutput()) : new TableResult(out);
    }
  }

  private String statement() throws IOException {
    if ((sql == null) == (file == null)) {
      throw new ConfigurationException(
          "give the SQL as an argument or with --file FILE.sql, and not both");
    }
    String text = sql;
    if (STANDARD_INPUT.equals(sql)) {
      text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
    } else if (file != null) {
      text = read(file);
    }
    if (text.isBlank()) {
      throw new ConfigurationException("the SQL is empty");
    }
    return text;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new ConfigurationException(
          "file=%s cannot be read: %s; valid: a text file in UTF-8".formatted(file, e), e);
    }
  }
}
