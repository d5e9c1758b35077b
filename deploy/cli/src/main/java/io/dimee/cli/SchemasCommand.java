package io.dimee.cli;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.KafkaOptions;
import io.dimee.console.Table;
import io.dimee.serdes.RegistryFormats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.avro.specific.SpecificRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The records' schemas in a registry. */
@Command(
    name = "schemas",
    description = "Registers the Avro schemas of the records in a schema registry, or checks them.",
    subcommands = {SchemasCommand.Register.class, SchemasCommand.Check.class},
    footer = {"", "Example:", "  dimee schemas check --schema-registry-url http://registry:8081"})
@CommandGroup(CommandGroup.Heading.CLIENTS)
final class SchemasCommand implements Callable<Integer> {
  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "missing subcommand: register or check");
  }

  private record Row(String topic, String schema, String state) {}

  private static void print(CommandSpec spec, List<Row> rows) {
    spec.commandLine()
        .getOut()
        .println(
            new Table<Row>()
                .text("topic", Row::topic)
                .text("schema", Row::schema)
                .text("state", Row::state)
                .of(rows));
  }

  /** Registers them. */
  @Command(
      name = "register",
      description =
          "Registers the schemas of this version; leaves alone those that are registered.",
      footer = {
        "",
        "Example:",
        "  dimee schemas register --schema-registry-url http://registry:8081"
      })
  static final class Register implements Callable<Integer> {
    @Mixin private KafkaOptions kafka;
    @Mixin CommonOptions common;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      List<Row> rows = new ArrayList<>();
      try (RegistryFormats formats = kafka.registry()) {
        kafka
            .topics()
            .types()
            .forEach(
                (topic, type) ->
                    rows.add(
                        new Row(
                            topic, type.getSimpleName(), "id " + formats.register(topic, type))));
      }
      print(spec, rows);
      return ExitCode.DONE;
    }
  }

  /** Checks them. */
  @Command(
      name = "check",
      description = {
        "Shows which schemas of this version are registered and which could be.",
        "Fails if one is not compatible."
      },
      footer = {"", "Example:", "  dimee schemas check --schema-registry-url http://registry:8081"})
  static final class Check implements Callable<Integer> {
    private static final String NOT_COMPATIBLE = "not compatible: ";

    @Mixin private KafkaOptions kafka;
    @Mixin CommonOptions common;
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      List<Row> rows = new ArrayList<>();
      try (RegistryFormats formats = kafka.registry()) {
        kafka.topics().types().forEach((topic, type) -> rows.add(row(formats, topic, type)));
      }
      print(spec, rows);
      return rows.stream().anyMatch(row -> row.state().startsWith(NOT_COMPATIBLE))
          ? ExitCode.FAILED
          : ExitCode.DONE;
    }

    private static Row row(
        RegistryFormats formats, String topic, Class<? extends SpecificRecord> type) {
      return new Row(topic, type.getSimpleName(), state(formats, topic, type));
    }

    private static String state(
        RegistryFormats formats, String topic, Class<? extends SpecificRecord> type) {
      if (formats.isRegistered(topic, type)) {
        return "registered";
      }
      List<String> why = formats.incompatibilities(topic, type);
      return why.isEmpty() ? "can be registered" : NOT_COMPATIBLE + why.get(0);
    }
  }
}
