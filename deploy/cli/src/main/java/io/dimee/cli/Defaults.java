package io.dimee.cli;

import io.dimee.console.PropertiesFile;
import io.dimee.topology.cluster.ConfigurationException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values for options that the command line leaves out: from the environment ({@code --topic-prefix}
 * is {@code DIMEE_TOPIC_PREFIX}), else from the file that {@code --config} names ({@code
 * topic-prefix=...}).
 */
final class Defaults implements CommandLine.IDefaultValueProvider {
  private static final String CONFIG = "--config";
  private static final String PORT = "_PORT";

  /** What Kubernetes says of a service called dimee or dimee-http to every pod beside it. */
  private static final Pattern SERVICE_LINK = Pattern.compile("(tcp|udp|sctp)://.+");

  private final List<String> arguments;
  private final Map<String, String> environment;
  private final String fileName;
  private final Map<String, String> file;

  private Defaults(
      List<String> arguments,
      Map<String, String> environment,
      String fileName,
      Map<String, String> file) {
    this.arguments = arguments;
    this.environment = environment;
    this.fileName = fileName;
    this.file = file;
  }

  /**
   * Reads the configuration file that arguments or environment name, if any.
   *
   * @throws ConfigurationException when it cannot be read or has a key that no command knows
   */
  static Defaults of(List<String> arguments, Map<String, String> environment, CommandLine root) {
    Map<String, String> file = Map.of();
    String name = configFile(arguments, environment);
    if (name != null) {
      file = PropertiesFile.read("config", Path.of(name));
      Set<String> known = optionNames(root);
      for (String key : file.keySet()) {
        if (!known.contains(key)) {
          throw new ConfigurationException(
              "config=%s: key %s is not known; valid: %s"
                  .formatted(name, key, String.join(", ", known)));
        }
      }
    }
    return new Defaults(arguments, environment, name, file);
  }

  /** The file that --config or the environment names, or null. */
  static String configFile(List<String> arguments, Map<String, String> environment) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals(CONFIG) && i + 1 < arguments.size()) {
        return arguments.get(i + 1);
      }
      if (argument.startsWith(CONFIG + "=")) {
        return argument.substring(CONFIG.length() + 1);
      }
    }
    return fromEnvironment("config", environment);
  }

  /** A value that was read from a file has the end of the file's line with it. */
  private static String fromEnvironment(String key, Map<String, String> environment) {
    String variable = variable(key);
    String value = environment.get(variable);
    if (value == null) {
      return null;
    }
    boolean isServiceLink =
        variable.endsWith(PORT) && SERVICE_LINK.matcher(value.strip()).matches();
    return isServiceLink ? null : value.strip();
  }

  private static Set<String> optionNames(CommandLine root) {
    Set<String> names = new TreeSet<>();
    for (CommandLine command : root.getSubcommands().values()) {
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (!option.usageHelp() && !option.versionHelp()) {
          names.add(key(option));
        }
      }
      names.addAll(optionNames(command));
    }
    return names;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
      return null;
    }
    String fromEnvironment = fromEnvironment(key(option), environment);
    return fromEnvironment == null ? fromFile(key(option)) : fromEnvironment;
  }

  private String fromFile(String key) {
    String value = file.get(key);
    return value == null ? null : value.strip();
  }

  /**
   * Where a command has the value of an option from, for messages about it.
   *
   * @return nothing when it is the command line's, or none was given
   */
  Optional<String> source(OptionSpec option) {
    boolean isOnCommandLine =
        arguments.stream()
            .anyMatch(
                argument ->
                    Arrays.stream(option.names())
                        .anyMatch(
                            name -> argument.equals(name) || argument.startsWith(name + "=")));
    if (isOnCommandLine) {
      return Optional.empty();
    }
    String key = key(option);
    if (fromEnvironment(key, environment) != null) {
      return Optional.of(variable(key));
    }
    return fromFile(key) == null
        ? Optional.empty()
        : Optional.of("%s in %s".formatted(key, fileName));
  }

  /**
   * Where a command has the values from that a message is about: those whose keys it names, as in
   * {@code port=0} or at its begin.
   */
  List<String> sources(String message, CommandSpec command) {
    return command.options().stream()
        .filter(option -> isNamed(key(option), message))
        .map(this::source)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Client properties have dots where their options have dashes. */
  private static boolean isNamed(String key, String message) {
    String inMessage = "(?<![\\w.-])%s=".formatted(key.replace("-", "[.-]"));
    return message.startsWith(key + " ") || Pattern.compile(inMessage).matcher(message).find();
  }

  private static String key(OptionSpec option) {
    return option.longestName().substring(2);
  }

  private static String variable(String key) {
    return "DIMEE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  /** Gives a command and its subcommands these defaults. */
  void applyTo(CommandSpec command) {
    command.defaultValueProvider(this);
    command.subcommands().values().forEach(sub -> applyTo(sub.getCommandSpec()));
  }
}
