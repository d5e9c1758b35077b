package io.dimee.cli;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.DriftOption;
import io.dimee.console.ExitCode;
import io.dimee.console.HttpOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.KnownModels;
import io.dimee.console.Watch;
import io.dimee.node.dashboard.Dashboard;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.tracing.Tracing;
import io.dimee.serdes.RecordFormats;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The dashboard of a cluster, until Ctrl-C. */
@Command(
    name = "dashboard",
    description = {
      "Serves a web page that shows what the pipeline in a cluster is doing, until Ctrl-C.",
      "It reads the newest predictions and dead letters, and takes no part in the pipeline."
    },
    footer = {
      "",
      "Examples:",
      "  dimee dashboard --bootstrap-servers broker:9092",
      "  dimee dashboard --read-only --http-port 9000"
    })
@CommandGroup(CommandGroup.Heading.SERVICES)
final class DashboardCommand implements Callable<Integer> {
  @Mixin private KafkaOptions kafka;
  @Mixin private KnownModels models;
  @Mixin private DriftOption drift;
  @Mixin private HttpOptions http;
  @Mixin CommonOptions common;

  @Option(
      names = "--read-only",
      fallbackValue = "true",
      description = "Do not send events: the page has no box for typing a sentence.")
  private boolean readOnly;

  @ParentCommand private Dimee dimee;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    try (Interrupt interrupt = Interrupt.install();
        RecordFormats formats = kafka.formats();
        Tracing tracing = Tracing.open(dimee.environment(), "dimee-dashboard");
        ProcessMeters meters = new ProcessMeters("dashboard");
        Dashboard dashboard =
            new Dashboard(
                kafka.connection(formats),
                new Dashboard.Settings(
                    models.manifests(),
                    drift.window(),
                    readOnly,
                    http.host(),
                    http.port(Dashboard.PORT),
                    http.names()),
                tracing.tracer(),
                meters,
                List::of)) {
      spec.commandLine().getOut().printf("dashboard at %s (Ctrl-C ends it)%n", dashboard.url());
      if (kafka.awaitBroker(interrupt, spec.commandLine().getErr())) {
        new Watch(() -> {}, dashboard::problem, spec.commandLine().getErr())
            .untilInterrupted(interrupt);
      }
    }
    return ExitCode.DONE;
  }
}
