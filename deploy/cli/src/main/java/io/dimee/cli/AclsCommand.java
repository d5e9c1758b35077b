package io.dimee.cli;

import io.dimee.console.CommandGroup;
import io.dimee.console.CommonOptions;
import io.dimee.console.ExitCode;
import io.dimee.console.KafkaOptions;
import io.dimee.console.Table;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.Acls;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.resource.PatternType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The rules that a secured cluster needs. */
@Command(
    name = "acls",
    description = {
      "Prints the Kafka ACLs that each part needs on a secured cluster; --apply creates them.",
      "Parts: mobile (with the router), edge, cloud, ledger, dashboard (read only), client (sends events, reads"
          + " outcomes), analyst (query and export), scaler (reads consumer lag)."
    },
    footer = {
      "",
      "Examples:",
      "  dimee acls mobile=User:mobile edge=User:edge cloud=User:cloud",
      "  dimee acls ledger=User:ledger dashboard=User:watch client=User:watch",
      "  dimee acls edge=User:edge --apply --bootstrap-servers broker:9093 --kafka-config admin.properties"
    })
@CommandGroup(CommandGroup.Heading.CLIENTS)
final class AclsCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "PART=PRINCIPAL",
      arity = "1..*",
      description =
          "A part and the principal it runs as, in Kafka's form. Several parts may share one.")
  private Map<String, String> principals = new LinkedHashMap<>();

  @Option(
      names = "--apply",
      fallbackValue = "true",
      description = "Create the ACLs; needs a principal that may alter the cluster.")
  private boolean apply;

  @Mixin private KafkaOptions kafka;
  @Mixin CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    List<AclBinding> rules = new ArrayList<>();
    Acls acls = new Acls(kafka.topics());
    principals.forEach((part, principal) -> rules.addAll(acls.of(role(part), principal)));
    if (apply) {
      create(rules);
    }
    spec.commandLine()
        .getOut()
        .println(
            new Table<AclBinding>()
                .text("principal", rule -> rule.entry().principal())
                .text("may", rule -> EnumNames.lower(rule.entry().operation()))
                .text("what", rule -> EnumNames.lower(rule.pattern().resourceType()))
                .text("name", AclsCommand::name)
                .of(rules));
    return ExitCode.DONE;
  }

  private static Role role(String part) {
    return Arrays.stream(Role.values())
        .filter(role -> role.name().equalsIgnoreCase(part))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "part=%s is not known; valid: %s".formatted(part, names())));
  }

  private static String names() {
    return Arrays.stream(Role.values()).map(EnumNames::lower).collect(Collectors.joining(", "));
  }

  private static String name(AclBinding rule) {
    return rule.pattern().patternType() == PatternType.PREFIXED
        ? rule.pattern().name() + "*"
        : rule.pattern().name();
  }

  private void create(List<AclBinding> rules) throws InterruptedException {
    try (Admin admin = Admin.create(kafka.answering().admin())) {
      admin.createAcls(rules).all().get();
    } catch (ExecutionException e) {
      throw new KafkaException(
          "cannot create the ACLs: " + e.getCause().getMessage(), e.getCause());
    }
  }
}
