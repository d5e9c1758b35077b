package io.dimee.deploy.cli;

import io.dimee.avro.TextEvent;
import io.dimee.deploy.console.CommonOptions;
import io.dimee.deploy.console.ExitCode;
import io.dimee.deploy.console.Interrupt;
import io.dimee.deploy.console.KafkaOptions;
import io.dimee.deploy.console.Progress;
import io.dimee.deploy.events.EventFile;
import io.dimee.deploy.pipeline.EventSender;
import io.dimee.deploy.tracing.Tracing;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.KafkaSettings;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sends events. */
@Command(
    name = "produce",
    description =
        "Sends events to a cluster; lines that are no events go to the dead-letter topic.",
    footer = {
      "",
      "Examples:",
      "  dimee produce --input reviews.txt --format text --rate 100",
      "  tail -f app.log | dimee produce --input -"
    })
final class ProduceCommand implements Callable<Integer> {
  @Mixin private KafkaOptions kafka;
  @Mixin private InputOptions input;
  @Mixin private PaceOptions pace;
  @Mixin private ForwardTextOption text;
  @Mixin CommonOptions common;
  @ParentCommand private Dimee dimee;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    KafkaSettings settings = kafka.settings();
    long count;
    boolean interrupted;
    try (Interrupt interrupt = Interrupt.install();
        EventFile file = input.open();
        RecordFormats formats = kafka.formats();
        Tracing tracing = Tracing.open(dimee.environment(), "dimee-produce");
        Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null));
        ProgressBar bar = Progress.bar("sent", "events", -1, spec.commandLine().getErr())) {
      formats.prepare(kafka.topics().events(), TextEvent.class);
      count =
          new EventSender(
                  producer,
                  kafka.topics(),
                  formats,
                  text.forwardText(),
                  tracing.tracer(),
                  Clock.systemUTC())
              .send(file, pace.limit(), pace.rate(), interrupt::isRequested, bar::stepTo);
      interrupted = interrupt.isRequested();
    }
    spec.commandLine().getOut().printf("sent %d events to %s%n", count, kafka.topics().events());
    return interrupted ? ExitCode.FAILED : ExitCode.DONE;
  }
}
