package io.dimee.local;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.Interrupt;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The embedded broker alone. */
@Command(
    name = "broker",
    description = {
      "Runs an embedded Kafka broker until Ctrl-C.",
      "One node that listens on the loopback interface only: not for production."
    },
    footer = {"", "Example:", "  dimee broker --data ./kafka-data --port 9092"})
@CommandGroup(CommandGroup.Heading.SERVICES)
final class BrokerCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Directory for the broker's data, which is kept. Required.")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description = "Port that clients connect to; 0 for any free port. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--broker-property",
      paramLabel = "KEY=VALUE",
      split = "\\R",
      hideParamSyntax = true,
      description =
          "Kafka broker setting, e.g. log.retention.hours=1. Repeatable; in the environment and in the file of"
              + " --config, one per line.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (Interrupt interrupt = Interrupt.install();
        EmbeddedBroker broker = EmbeddedBroker.persistent(data, port, properties)) {
      spec.commandLine()
          .getOut()
          .printf("broker ready at %s, data in %s%n", broker.bootstrapServers(), data);
      interrupt.await();
    }
    return ExitCode.DONE;
  }
}
