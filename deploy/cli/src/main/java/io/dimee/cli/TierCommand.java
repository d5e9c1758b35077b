package io.dimee.cli;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.DeliveryOption;
import io.dimee.console.ExitCode;
import io.dimee.console.ForwardTextOption;
import io.dimee.console.HttpOptions;
import io.dimee.console.Interrupt;
import io.dimee.console.KafkaOptions;
import io.dimee.console.ModelOptions;
import io.dimee.console.OptionGroup;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.console.PolicyOption;
import io.dimee.console.Watch;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.beginning.Beginning;
import io.dimee.node.beginning.From;
import io.dimee.node.beginning.Part;
import io.dimee.node.http.WebServer;
import io.dimee.node.operations.Operations;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.RouterStage;
import io.dimee.node.stages.SpillStage;
import io.dimee.node.stages.Stages;
import io.dimee.node.stages.TierStage;
import io.dimee.node.tracing.Tracing;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.Telemetry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** One tier against a cluster, until Ctrl-C. */
abstract class TierCommand implements Callable<Integer> {
  @Mixin private KafkaOptions kafka;
  @Mixin private ModelOptions model;
  @Mixin private DeliveryOption delivery;
  @Mixin private FromOption from;
  @Mixin private HttpOptions http;
  @Mixin CommonOptions common;

  @Mixin private PartitionsOption partitions;

  @ParentCommand private Dimee dimee;
  @Spec private CommandSpec spec;

  private final Tier tier;

  TierCommand(Tier tier) {
    this.tier = tier;
  }

  /** Mobile tier and router. */
  @Command(
      name = "mobile",
      description = {
        "Runs the router and a worker of the mobile tier against a Kafka cluster until Ctrl-C.",
        "The router reads events and decides at which tier each starts. Start more processes to share"
            + " the load."
      },
      footer = {"", "Example:", "  dimee mobile --bootstrap-servers broker:9092 --policy cascade"})
  @CommandGroup(CommandGroup.Heading.SERVICES)
  static final class Mobile extends TierCommand {
    @Mixin private PolicyOption policy;

    @Mixin private ForwardTextOption text;

    @OptionGroup(Heading.PIPELINE)
    @Option(
        names = "--spill-after",
        paramLabel = "LAG",
        description =
            "Send the edge tier's tasks to the cloud once this many records are waiting for the edge, until half"
                + " as many or fewer have been waiting for ten seconds. Default: never")
    private Long spillAfter;

    Mobile() {
      super(Tier.MOBILE);
    }

    @Override
    void check() {
      super.check();
      policy.policy();
    }

    @Override
    List<Part> parts() {
      return List.of(Part.of(topics(), Tier.MOBILE), Part.router(topics()));
    }

    @Override
    SpillSwitch spill() {
      return spillAfter == null
          ? SpillSwitch.never()
          : ConfigurationException.check(() -> new SpillSwitch(spillAfter, Clock.systemUTC()));
    }

    @Override
    void addRouter(
        Stages stages,
        ModelSource source,
        Connection connection,
        SpillSwitch spill,
        Telemetry telemetry)
        throws InterruptedException {
      if (spillAfter != null) {
        stages.add(new SpillStage(connection.settings(), topics(), spill, telemetry.meters()));
      }
      stages.add(
          RouterStage.create(
              source, connection, delivery(), policy.policy(), text.head(), spill, telemetry));
    }
  }

  /** Edge tier. */
  @Command(
      name = "edge",
      description = {
        "Runs a worker of the edge tier against a Kafka cluster until Ctrl-C.",
        "Start more processes to share the load."
      },
      footer = {"", "Example:", "  dimee edge --bootstrap-servers broker:9092 --threads 1"})
  @CommandGroup(CommandGroup.Heading.SERVICES)
  static final class Edge extends TierCommand {
    Edge() {
      super(Tier.EDGE);
    }
  }

  /** Cloud tier. */
  @Command(
      name = "cloud",
      description = {
        "Runs a worker of the cloud tier against a Kafka cluster until Ctrl-C.",
        "Start more processes to share the load."
      },
      footer = {"", "Example:", "  dimee cloud --bootstrap-servers broker:9092"})
  @CommandGroup(CommandGroup.Heading.SERVICES)
  static final class Cloud extends TierCommand {
    Cloud() {
      super(Tier.CLOUD);
    }
  }

  /** Only the mobile tier spills. */
  SpillSwitch spill() {
    return SpillSwitch.never();
  }

  void addRouter(
      Stages stages,
      ModelSource source,
      Connection connection,
      SpillSwitch spill,
      Telemetry telemetry)
      throws InterruptedException {
    // only the mobile tier routes
  }

  /** Refuses what is wrong before a broker is waited for. */
  void check() {
    topics();
    delivery();
  }

  /** What the process runs, in the order in which it is started. */
  List<Part> parts() {
    return List.of(Part.of(topics(), tier));
  }

  Topics topics() {
    return kafka.topics();
  }

  Delivery delivery() {
    return delivery.delivery();
  }

  @Override
  public Integer call() throws InterruptedException {
    int perTopic = partitions.partitions();
    check();
    KafkaSettings settings = kafka.settings();
    SpillSwitch spill = spill();
    From begin = from.from();
    List<ModelSource> sources = model.sources();
    try (Interrupt interrupt = Interrupt.install();
        RecordFormats formats = kafka.formats();
        Tracing tracing = Tracing.open(dimee.environment(), "dimee-" + EnumNames.lower(tier));
        ProcessMeters meters = new ProcessMeters(EnumNames.lower(tier));
        Stages stages = new Stages()) {
      if (!kafka.awaitBroker(interrupt, spec.commandLine().getErr())) {
        return ExitCode.DONE;
      }
      Connection connection = kafka.connection(formats);
      TopicSetup.ensure(settings, topics().usedBy(tier), perTopic);
      topics().writtenBy(tier).forEach(formats::prepare);
      try (Beginning beginning = new Beginning(connection, begin)) {
        for (Part part : parts()) {
          beginning.settle(part);
        }
      }
      Telemetry telemetry = new Telemetry(meters.registry(), tracing.tracer());
      stages.add(TierStage.create(tier, sources, connection, delivery(), spill, telemetry));
      addRouter(stages, sources.get(0), connection, spill, telemetry);
      stages.start();
      spec.commandLine()
          .getOut()
          .printf(
              "%s tier ready, model %s, reading %s from %s%n",
              EnumNames.lower(tier),
              sources.stream()
                  .map(source -> source.bundle().modelId())
                  .collect(Collectors.joining(" and ")),
              topics().tasks(tier),
              settings.bootstrapServers());
      Operations operations = new Operations(meters, stages::health);
      try (WebServer server =
          http.port().map(port -> operations.serve(http.host(), port, http.names())).orElse(null)) {
        if (server != null) {
          spec.commandLine().getOut().printf("metrics and health at %s%n", server.url());
        }
        Watch.over(
                stages, meters.registry(), settings.bootstrapServers(), spec.commandLine().getErr())
            .untilInterrupted(interrupt);
      }
    }
    return ExitCode.DONE;
  }
}
