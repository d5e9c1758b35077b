package io.dimee.cli;

import io.dimee.console.CommandSource;
import io.dimee.console.ExitCode;
import io.dimee.console.LogSetup;
import io.dimee.console.ProcessEnvironment;
import io.dimee.console.TerminalWriter;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.files.ProcessFolder;
import io.dimee.inference.files.TemporaryFiles;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command line. Exit codes: 0 done, 1 failed while running, 2 wrong use or configuration. */
@Command(
    name = "dimee",
    description =
        "Classifies text events on Apache Kafka with an early-exit transformer: easy texts on a small"
            + " mobile tier, hard ones in the cloud.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Every option can also be set by an environment variable (--topic-prefix: DIMEE_TOPIC_PREFIX) or in the file that"
          + " --config names (topic-prefix=...). The command line wins over the environment, the environment over the"
          + " file.",
      "",
      "Examples:",
      "  dimee run",
      "  dimee COMMAND --help"
    })
public final class Dimee implements ProcessEnvironment {
  /**
   * Of the library that reads records that others have compressed; it goes by what the JDK does.
   */
  private static final String ZSTD_FOLDER = "ZstdTempFolder";

  /** What the JVM makes of bytes that it cannot read. */
  private static final char REPLACEMENT = '\uFFFD';

  private final PrintWriter out;
  private final PrintWriter err;
  private final Map<String, String> environment;

  /** Creates the command line on the given streams and environment. */
  public Dimee(PrintWriter out, PrintWriter err, Map<String, String> environment) {
    this.out = new TerminalWriter(out);
    this.err = new TerminalWriter(err);
    this.environment = environment;
  }

  /** Runs a command and exits. */
  public static void main(String[] args) {
    Optional<ProcessFolder> temporary = ProcessFolder.make(TemporaryFiles.folder());
    temporary.ifPresent(Dimee::useForTemporaryFiles);
    int code;
    try {
      code =
          new Dimee(
                  new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                  new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                  System.getenv())
              .runProcess(args);
    } finally {
      temporary.ifPresent(ProcessFolder::close);
    }
    System.exit(code);
  }

  /** What libraries unpack goes there too, as far as they can be told before they are loaded. */
  private static void useForTemporaryFiles(ProcessFolder folder) {
    for (String property : List.of(TemporaryFiles.FOLDER, ZSTD_FOLDER)) {
      System.setProperty(property, folder.path().toString());
    }
  }

  /** Settles how this process logs, which is only possible before its first logger is made. */
  private int runProcess(String... args) {
    try {
      LogSetup.install(environment);
      requireReadable(args);
    } catch (ConfigurationException e) {
      return wrongUse(e.getMessage());
    }
    return run(args);
  }

  /** The launcher sees to it, but not everybody starts this with the launcher. */
  private void requireReadable(String... args) {
    String encoding = System.getProperty("sun.jnu.encoding");
    boolean isLost =
        Stream.concat(
                Stream.of(args),
                environment.entrySet().stream()
                    .filter(variable -> variable.getKey().startsWith("DIMEE_"))
                    .map(Map.Entry::getValue))
            .anyMatch(text -> text.indexOf(REPLACEMENT) >= 0);
    if (isLost && !StandardCharsets.UTF_8.name().equals(encoding)) {
      throw new ConfigurationException(
          "arguments or variables have characters that the locale's encoding lacks: %s; set LC_ALL=C.UTF-8"
              .formatted(encoding));
    }
  }

  @Override
  public Map<String, String> environment() {
    return environment;
  }

  /** Runs a command and returns its exit code. */
  public int run(String... args) {
    CommandLine commandLine = commandLine(args);
    if (args.length == 0) {
      commandLine.usage(err);
      return ExitCode.WRONG_USE;
    }
    try {
      Defaults defaults = applyDefaults(commandLine, args);
      commandLine
          .setParameterExceptionHandler((e, arguments) -> wrongUse(e, defaults))
          .setExecutionExceptionHandler((e, command, result) -> failed(e, command, defaults));
    } catch (ConfigurationException e) {
      return wrongUse(e.getMessage());
    }
    int code = execute(commandLine, args);
    if (out.checkError() && code == ExitCode.DONE) {
      err.println("dimee: cannot write to standard output");
      return ExitCode.FAILED;
    }
    return code;
  }

  /**
   * Parses a command's arguments and the file that {@code --config} names, and runs nothing: for
   * arguments that are written down to be used elsewhere, as in manifests.
   *
   * @throws ParameterException when an option is not known or a value is none
   * @throws ConfigurationException when the file cannot be read or has a key that no command knows
   */
  public ParseResult parse(String... args) {
    CommandLine commandLine = commandLine(args);
    applyDefaults(commandLine, args);
    return commandLine.parseArgs(args);
  }

  private CommandLine commandLine(String... args) {
    CommandLine commandLine = new CommandLine(this);
    commands(args).forEach(commandLine::addSubcommand);
    commandLine
        .setOut(out)
        .setErr(err)
        .setHelpFactory(GroupedHelp::new)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
    return commandLine;
  }

  private Defaults applyDefaults(CommandLine commandLine, String... args) {
    Defaults defaults = Defaults.of(Arrays.asList(args), environment, commandLine);
    defaults.applyTo(commandLine.getCommandSpec());
    return defaults;
  }

  /**
   * The command that is named first, if one is; to make all of them takes a third of a second. The
   * file of --config may hold options of any.
   */
  private List<Class<?>> commands(String... args) {
    boolean isConfigured = Defaults.configFile(Arrays.asList(args), environment) != null;
    List<Class<?>> all = allCommands();
    List<Class<?>> named =
        all.stream().filter(command -> args.length > 0 && name(command).equals(args[0])).toList();
    return isConfigured || named.isEmpty() ? all : named;
  }

  private static List<Class<?>> allCommands() {
    return ServiceLoader.load(CommandSource.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(CommandSource::rank))
        .flatMap(source -> source.commands().stream())
        .toList();
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** ONNX Runtime and the tokenizer unpack native libraries into the temporary folder. */
  private int execute(CommandLine commandLine, String... args) {
    try {
      return commandLine.execute(args);
    } catch (LinkageError e) {
      return failed(LibraryFailure.in(e).orElseThrow(() -> e));
    }
  }

  private int failed(LinkageError e) {
    Path temporary = TemporaryFiles.folder();
    err.println("dimee: " + oneLine(new LibraryFailure(temporary, Files::isExecutable).explain(e)));
    return ExitCode.FAILED;
  }

  private static boolean isVerbose(CommandLine command) {
    OptionSpec verbose = command.getCommandSpec().findOption("--verbose");
    return verbose != null && Boolean.TRUE.equals(verbose.getValue());
  }

  private int failed(Exception e, CommandLine command, Defaults defaults) {
    if (isVerbose(command)) {
      e.printStackTrace(err);
    }
    if (e instanceof ConfigurationException || e instanceof InvalidBundleException) {
      return wrongUse(e.getMessage(), defaults.sources(e.getMessage(), command.getCommandSpec()));
    }
    Optional<LinkageError> library = LibraryFailure.in(e);
    if (library.isPresent()) {
      return failed(library.get());
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException) {
        return wrongUse(cause.getMessage());
      }
    }
    err.println("dimee: " + oneLine(message(e)));
    return ExitCode.FAILED;
  }

  private int wrongUse(ParameterException e, Defaults defaults) {
    return e.getArgSpec() instanceof OptionSpec option
        ? wrongUse(message(e), defaults.source(option).stream().toList())
        : wrongUse(message(e));
  }

  /** The value alone does not tell where to change it. */
  private int wrongUse(String message, List<String> sources) {
    return wrongUse(
        sources.isEmpty()
            ? message
            : "%s (from %s)".formatted(message, String.join(", ", sources)));
  }

  /** Picocli repeats the value, which may be a secret where it is a property's. */
  private static String message(ParameterException e) {
    return e.getArgSpec() instanceof OptionSpec option && option.typeInfo().isMap()
        ? "%s takes KEY=VALUE".formatted(option.longestName())
        : e.getMessage();
  }

  /** A client that could not be made says why only in its cause. */
  private static String message(Exception e) {
    String message = e.getMessage() == null ? e.toString() : e.getMessage();
    Throwable cause = e.getCause();
    boolean saysMore =
        e instanceof KafkaException
            && cause != null
            && cause.getMessage() != null
            && !message.contains(cause.getMessage());
    return saysMore ? message + ": " + cause.getMessage() : message;
  }

  private int wrongUse(String message) {
    err.println("dimee: " + oneLine(message));
    return ExitCode.WRONG_USE;
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
