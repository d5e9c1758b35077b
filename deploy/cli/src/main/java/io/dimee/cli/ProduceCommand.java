package io.dimee.cli;

import io.dimee.avro.TextEvent;
import io.dimee.client.TimeAmount;
import io.dimee.client.events.EventFile;
import io.dimee.client.outcomes.OutcomeReader;
import io.dimee.client.send.EventSender;
import io.dimee.client.send.Outstanding;
import io.dimee.client.send.Sending;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.ForwardTextOption;
import io.dimee.console.InputOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.LetterLines;
import io.dimee.console.PaceOptions;
import io.dimee.console.Progress;
import io.dimee.node.tracing.Tracing;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends events. */
@Command(
    name = "produce",
    description = {
      "Sends events to a Kafka cluster.",
      "Lines that are not valid events go to the dead-letter topic. With --wait, the command ends when every"
          + " event has a prediction or a dead letter."
    },
    footer = {
      "",
      "Examples:",
      "  dimee produce --input reviews.txt --format text --rate 100",
      "  dimee produce --wait 2m",
      "  tail -f app.log | dimee produce --input -"
    })
@CommandGroup(CommandGroup.Heading.CLIENTS)
final class ProduceCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int RECORDS_PER_POLL = 1_000;
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final int IDS_SHOWN = 3;
  private static final int ID_CHARS = 60;

  @Mixin private KafkaOptions kafka;
  @Mixin private InputOptions input;
  @Mixin private PaceOptions pace;
  @Mixin private ForwardTextOption text;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description =
          "After sending, wait up to this long (30s, 10m, 24h, 7d) until each event has a prediction or a dead"
              + " letter, and fail if one has neither. Default: do not wait")
  private String wait;

  @Mixin CommonOptions common;
  @ParentCommand private Dimee dimee;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Duration patience = wait == null ? null : patience();
    try (Interrupt interrupt = Interrupt.install();
        EventFile file = input.openForSharedTopics();
        RecordFormats formats = kafka.formats();
        Tracing tracing = Tracing.open(dimee.environment(), "dimee-produce")) {
      KafkaSettings settings = kafka.answering();
      try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null))) {
        Wire wire = new Wire(kafka.topics(), formats);
        formats.prepare(wire.topics().events(), TextEvent.class);
        EventSender sender =
            new EventSender(producer, wire, text.head(), tracing.tracer(), Clock.systemUTC());
        if (patience == null) {
          return send(sender, file, interrupt);
        }
        try (OutcomeReader reader =
            OutcomeReader.fromNowOn(
                new KafkaConsumer<>(settings.watcher(RECORDS_PER_POLL)), wire)) {
          return sendAndWait(sender, file, interrupt, reader, patience);
        }
      }
    }
  }

  private Duration patience() {
    return TimeAmount.of("wait", wait);
  }

  private int send(EventSender sender, EventFile file, Interrupt interrupt) throws IOException {
    long count;
    try (ProgressBar bar = Progress.bar("sent", "events", -1, spec.commandLine().getErr())) {
      count = sender.send(file, pace.limit(), pace.rate(), interrupt::isRequested, bar::stepTo);
    }
    saySent(count);
    return interrupt.isRequested() ? ExitCode.FAILED : ExitCode.DONE;
  }

  /** Outcomes are read while events are sent, so that only ids are kept that have none. */
  private int sendAndWait(
      EventSender sender,
      EventFile file,
      Interrupt interrupt,
      OutcomeReader reader,
      Duration patience) {
    Outstanding outstanding = new Outstanding();
    LetterLines letters = new LetterLines(spec.commandLine().getErr());
    long begin = System.nanoTime();
    try (ProgressBar bar = Progress.bar("answered", "events", -1, spec.commandLine().getErr());
        Sending sending =
            Sending.start(
                closed ->
                    sender.send(
                        file,
                        pace.limit(),
                        pace.rate(),
                        () -> closed.getAsBoolean() || interrupt.isRequested(),
                        outstanding::add,
                        count -> {}))) {
      Long sentAt = null;
      while (!interrupt.isRequested()) {
        if (sentAt == null && sending.isDone()) {
          sentAt = System.nanoTime();
        }
        if (sentAt != null && (outstanding.isEmpty() || since(sentAt).compareTo(patience) >= 0)) {
          break;
        }
        reader.poll(
            POLL,
            outstanding::take,
            letter -> {
              if (outstanding.take(letter)) {
                letters.show(letter);
              }
            });
        bar.maxHint(outstanding.sent());
        bar.stepTo(outstanding.outcomes());
      }
      // not what was counted when all was sent: the sender may wait for input
      saySent(outstanding.sent());
    }
    return report(outstanding, since(begin), interrupt);
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private void saySent(long count) {
    spec.commandLine().getOut().printf("sent %d events to %s%n", count, kafka.topics().events());
  }

  private int report(Outstanding outstanding, Duration took, Interrupt interrupt) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%d of %d events have an outcome after %.1f s: %d answered, %d dead letters%n",
            outstanding.outcomes(),
            outstanding.sent(),
            took.toMillis() / MILLIS_PER_SECOND,
            outstanding.answered(),
            outstanding.deadLetters());
    if (outstanding.isEmpty() && !interrupt.isRequested()) {
      return ExitCode.DONE;
    }
    PrintWriter err = spec.commandLine().getErr();
    if (interrupt.isRequested()) {
      err.printf(
          "dimee: interrupted after %d of %d events had an outcome%n",
          outstanding.outcomes(), outstanding.sent());
    } else {
      err.printf(
          "dimee: %d of %d events have no outcome %s after the last was sent: %s%n",
          outstanding.sent() - outstanding.outcomes(), outstanding.sent(), wait, ids(outstanding));
    }
    return ExitCode.FAILED;
  }

  /** Some of those that wait. */
  private static String ids(Outstanding outstanding) {
    List<String> ids =
        outstanding.longest(IDS_SHOWN + 1).stream()
            .map(id -> id.length() > ID_CHARS ? id.substring(0, ID_CHARS) + "..." : id)
            .toList();
    return ids.size() > IDS_SHOWN
        ? String.join(", ", ids.subList(0, IDS_SHOWN)) + ", ..."
        : String.join(", ", ids);
  }
}
