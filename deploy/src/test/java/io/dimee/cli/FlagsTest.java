package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Options without a value, from the command line and from the environment. */
class FlagsTest {
  private static final String STACK_TRACE = "\tat ";

  @TempDir Path directory;

  /** Runs a command that fails, before anything starts, with a cause to print. */
  private String errorsOf(Map<String, String> environment, String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "text");
    String[] args =
        Stream.concat(Stream.of("broker", "--data", file.toString()), Stream.of(more))
            .toArray(String[]::new);
    StringWriter err = new StringWriter();
    new Dimee(new PrintWriter(new StringWriter()), new PrintWriter(err), environment).run(args);
    return err.toString();
  }

  @Test
  void shouldPrintStackTracesOnlyWhenAsked() throws IOException {
    assertThat(errorsOf(Map.of())).doesNotContain(STACK_TRACE);
    assertThat(errorsOf(Map.of("DIMEE_VERBOSE", "false"))).doesNotContain(STACK_TRACE);
    assertThat(errorsOf(Map.of("DIMEE_VERBOSE", "true"))).contains(STACK_TRACE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void shouldLetAFlagOnTheCommandLineWin(String environment) throws IOException {
    assertThat(errorsOf(Map.of("DIMEE_VERBOSE", environment), "--verbose")).contains(STACK_TRACE);
  }

  @Test
  void shouldHaveNoFlagThatTheEnvironmentTurnsAround() {
    // A flag without a fallback value is set to the opposite of its default
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    CommandLine root = new CommandLine(new Dimee(nowhere, nowhere, Map.of()));
    for (CommandLine command : root.getSubcommands().values()) {
      assertThat(command.getCommandSpec().options())
          .as(command.getCommandName())
          .filteredOn(option -> option.type() == boolean.class && !option.usageHelp())
          .allMatch(option -> option.fallbackValue().equals("true"), "fallback value is true");
    }
  }
}
