package io.dimee.deploy.cli;

import io.dimee.deploy.ConfigurationException;
import io.dimee.deploy.console.PropertiesFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  private final Map<String, String> environment;
  private final Map<String, String> file;

  private Defaults(Map<String, String> environment, Map<String, String> file) {
    this.environment = environment;
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
    return new Defaults(environment, file);
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
    return environment.get(variable("config"));
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
    String fromEnvironment = environment.get(variable(key(option)));
    return fromEnvironment == null ? file.get(key(option)) : fromEnvironment;
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
