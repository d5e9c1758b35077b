package io.dimee.cli;

import io.dimee.avro.DeadLetter;
import io.dimee.client.deadletters.DeadLetterBox;
import io.dimee.client.deadletters.DeadLetterFilter;
import io.dimee.client.deadletters.DeadLetterJson;
import io.dimee.client.deadletters.DeadLetterReplay;
import io.dimee.client.deadletters.PayloadText;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.Progress;
import io.dimee.console.Table;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at dead letters and sends their records again. */
@Command(
    name = "dead-letters",
    description = "Lists, shows and replays dead letters: records that could not be answered.",
    subcommands = {
      DeadLettersCommand.ListThem.class,
      DeadLettersCommand.Show.class,
      DeadLettersCommand.ReplayThem.class
    },
    footer = {
      "",
      "Examples:",
      "  dimee dead-letters list --where reason=unknown_label",
      "  dimee dead-letters show 0@17",
      "  dimee dead-letters replay --where reason=inference_failed --where stage=edge"
    })
@CommandGroup(CommandGroup.Heading.CLIENTS)
final class DeadLettersCommand implements Callable<Integer> {
  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "missing subcommand: list, show or replay");
  }

  /** What picks dead letters. */
  static final class Where {
    @Option(
        names = "--where",
        paramLabel = "KEY=VALUE",
        split = "\\R",
        hideParamSyntax = true,
        description =
            "Only dead letters for which this holds; KEY is reason, stage, topic, id (of the event) or place."
                + " Repeatable: all must hold.")
    private Map<String, String> where = new LinkedHashMap<>();

    DeadLetterFilter filter() {
      return new DeadLetterFilter(where);
    }
  }

  /** Lists them. */
  @Command(
      name = "list",
      description = "Lists dead letters, oldest first; those that were replayed only with --all.",
      footer = {
        "",
        "Examples:",
        "  dimee dead-letters list",
        "  dimee dead-letters list --where stage=router --json"
      })
  static final class ListThem implements Callable<Integer> {
    @Mixin private KafkaOptions kafka;
    @Mixin private Where where;
    @Mixin CommonOptions common;

    @Option(
        names = "--all",
        fallbackValue = "true",
        description = "Include dead letters that were replayed.")
    private boolean all;

    @Option(
        names = "--json",
        fallbackValue = "true",
        description = "Print one JSON object per line.")
    private boolean asJson;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      DeadLetterFilter filter = where.filter();
      DeadLetterBox.Contents contents = read(kafka);
      List<DeadLetterBox.Entry> entries =
          contents.entries().stream()
              .filter(entry -> all || !entry.isReplayed())
              .filter(filter)
              .toList();
      if (contents.unreadable() > 0) {
        spec.commandLine()
            .getErr()
            .printf(
                "skipped %d records of %s that are not dead letters%n",
                contents.unreadable(), kafka.topics().deadLetters());
      }
      PrintWriter out = spec.commandLine().getOut();
      if (asJson) {
        DeadLetterJson json = new DeadLetterJson();
        entries.forEach(entry -> out.println(json.line(entry)));
      } else if (entries.isEmpty()) {
        out.println("no dead letters");
      } else {
        out.println(
            new Table<DeadLetterBox.Entry>()
                .text("place", DeadLetterBox.Entry::place)
                .text(
                    "failed at",
                    e -> e.letter().getFailedAt().truncatedTo(ChronoUnit.SECONDS).toString())
                .text("stage", e -> EnumNames.lower(e.letter().getStage()))
                .text("reason", e -> EnumNames.lower(e.letter().getReason()))
                .text("event", e -> orDash(e.eventId()))
                .text("record", e -> record(e.letter()))
                .text(
                    "message", e -> e.letter().getMessage() + (e.isReplayed() ? " (replayed)" : ""))
                .of(entries));
      }
      return ExitCode.DONE;
    }
  }

  /** Shows one. */
  @Command(
      name = "show",
      description = "Shows one dead letter in full.",
      footer = {"", "Example:", "  dimee dead-letters show 0@17"})
  static final class Show implements Callable<Integer> {
    @Parameters(
        paramLabel = "PARTITION@OFFSET",
        description = "Place of the dead letter, as list shows it.")
    private String place;

    @Mixin private KafkaOptions kafka;
    @Mixin CommonOptions common;

    @Option(names = "--json", fallbackValue = "true", description = "Print one JSON object.")
    private boolean asJson;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      DeadLetterBox.Entry entry =
          read(kafka).entries().stream()
              .filter(e -> e.place().equals(place))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          "place=%s holds no dead letter of %s"
                              .formatted(place, kafka.topics().deadLetters())));
      PrintWriter out = spec.commandLine().getOut();
      if (asJson) {
        out.println(new DeadLetterJson().line(entry));
        return ExitCode.DONE;
      }
      DeadLetter letter = entry.letter();
      Map<String, String> rows = new LinkedHashMap<>();
      rows.put("place", entry.place());
      rows.put("event", orDash(entry.eventId()));
      rows.put("stage", EnumNames.lower(letter.getStage()));
      rows.put("reason", EnumNames.lower(letter.getReason()));
      rows.put("message", letter.getMessage());
      rows.put("exception", orDash(letter.getException()));
      rows.put("record", record(letter));
      rows.put("failed at", letter.getFailedAt().toString());
      rows.put("replayed", entry.isReplayed() ? "yes" : "no");
      rows.put("payload", letter.getPayloadSize() + " bytes, beginning with");
      rows.put("", PayloadText.of(letter));
      out.println(
          new Table<Map.Entry<String, String>>()
              .text(null, Map.Entry::getKey)
              .text(null, Map.Entry::getValue)
              .of(List.copyOf(rows.entrySet())));
      return ExitCode.DONE;
    }
  }

  /** Replays them. */
  @Command(
      name = "replay",
      description = {
        "Sends the records of dead letters again, to the topics that they came from.",
        "Each is replayed once: those that were replayed before are skipped, and starting a second replay stops"
            + " the first."
      },
      footer = {
        "",
        "Examples:",
        "  dimee dead-letters replay --dry-run",
        "  dimee dead-letters replay --where reason=unknown_label"
      })
  static final class ReplayThem implements Callable<Integer> {
    @Mixin private KafkaOptions kafka;
    @Mixin private Where where;
    @Mixin CommonOptions common;

    @Option(
        names = "--dry-run",
        fallbackValue = "true",
        description = "Only print how many would be replayed.")
    private boolean dryRun;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      DeadLetterFilter filter = where.filter();
      PrintWriter out = spec.commandLine().getOut();
      if (dryRun) {
        long count =
            read(kafka).entries().stream()
                .filter(entry -> entry.standing() == DeadLetterBox.Standing.OPEN)
                .filter(filter)
                .count();
        out.printf("would replay %d%n", count);
        return ExitCode.DONE;
      }
      DeadLetterReplay.Result result;
      boolean interrupted;
      try (Interrupt interrupt = Interrupt.install();
          RecordFormats formats = kafka.formats();
          DeadLetterReplay replay =
              new DeadLetterReplay(kafka.answering(formats), Clock.systemUTC());
          ProgressBar bar = Progress.bar("replay", "letters", -1, spec.commandLine().getErr())) {
        result =
            replay.run(
                filter,
                new DeadLetterReplay.Watcher() {
                  @Override
                  public void done(int count, int all) {
                    bar.maxHint(all);
                    bar.stepTo(count);
                  }

                  @Override
                  public boolean isStopped() {
                    return interrupt.isRequested();
                  }
                });
        interrupted = interrupt.isRequested();
      }
      out.printf(
          "replayed %d; %d whose records are gone; %d that were never written to a topic; %d that name no record"
              + " of events or tasks; %d records that are not dead letters%n",
          result.replayed(),
          result.gone(),
          result.neverWritten(),
          result.foreign(),
          result.unreadable());
      return interrupted ? ExitCode.FAILED : ExitCode.DONE;
    }
  }

  private static DeadLetterBox.Contents read(KafkaOptions kafka) throws InterruptedException {
    try (RecordFormats formats = kafka.formats()) {
      return new DeadLetterBox(kafka.answering(formats)).read();
    }
  }

  private static String record(DeadLetter letter) {
    return letter.getOffset() < 0
        ? letter.getTopic() + ", never written"
        : "%s-%d@%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
  }

  private static String orDash(String value) {
    return value == null ? "-" : value;
  }
}
