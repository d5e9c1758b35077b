package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.console.CommandGroup;
import io.dimee.console.OptionGroup;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  /** What fits a line of a terminal in the list of commands. */
  private static final int LONGEST_SUMMARY = 110;

  private static CommandSpec root() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Dimee(nowhere, nowhere, Map.of()).parse().commandSpec();
  }

  private static Stream<CommandSpec> commands() {
    return root().subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .flatMap(
            command ->
                Stream.concat(
                    Stream.of(command),
                    command.subcommands().values().stream().map(CommandLine::getCommandSpec)));
  }

  private static String help(String... command) {
    StringWriter out = new StringWriter();
    String[] args = Stream.concat(Stream.of(command), Stream.of("--help")).toArray(String[]::new);
    int code =
        new Dimee(new PrintWriter(out, true), new PrintWriter(Writer.nullWriter()), Map.of())
            .run(args);
    assertThat(code).isZero();
    return out.toString();
  }

  /** Lines under a heading, up to the next one. */
  private static List<String> section(String help, String heading) {
    return help.lines()
        .dropWhile(line -> !line.equals(heading + ":"))
        .skip(1)
        .takeWhile(line -> !line.isEmpty())
        .map(String::strip)
        .toList();
  }

  @Test
  void shouldListEveryCommandUnderAHeading() {
    // When
    String help = help();

    // Then
    List<String> headings =
        Arrays.stream(CommandGroup.Heading.values()).map(CommandGroup.Heading::title).toList();
    assertThat(headings)
        .flatExtracting(heading -> section(help, heading))
        .extracting(line -> line.split(" ", 2)[0])
        .containsAll(root().subcommands().keySet());
    assertThat(help).doesNotContain("Commands:");
  }

  @ParameterizedTest
  @CsvSource({
    "run, '--bundle --dashboard --format --input --output --policy'",
    "mobile, '--bootstrap-servers --bundle --policy'",
    "edge, '--bootstrap-servers --bundle'",
    "produce, '--bootstrap-servers --format --input --wait'",
    "predictions, '--bootstrap-servers --follow --json --limit'",
    "query, '--bootstrap-servers --file --refresh --since --until --views'",
    "export, '--bootstrap-servers --format --output --since --table --until'",
    "ledger, '--bootstrap-servers --bundle'",
    "dashboard, '--bootstrap-servers --bundle --read-only'",
    "train, '--check --data --output --resume --task --work'",
    "calibrate, '--bundle --data --dry-run --output'",
    "evaluate, '--bootstrap-servers --bundle --bundles --data --full --report --task'",
    "bench, '--bundle --events --format --input --json --only --policy'"
  })
  void shouldListWhatMostPeopleNeedFirst(String command, String options) {
    // When
    String help = help(command);

    // Then
    assertThat(section(help, OptionGroup.Heading.OPTIONS.title()))
        .filteredOn(line -> line.startsWith("--"))
        .extracting(line -> line.split("[= ]", 2)[0])
        .containsExactly(options.split(" "));
    assertThat(help.indexOf("Options:")).isLessThan(help.indexOf("General:"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldSayWhatACommandDoesInOneLineAndGiveAnExample(CommandSpec command) {
    assertThat(command.usageMessage().description()).isNotEmpty();
    assertThat(command.usageMessage().description()[0])
        .hasSizeLessThanOrEqualTo(LONGEST_SUMMARY)
        .endsWith(".");
    assertThat(command.usageMessage().footer())
        .anyMatch(line -> line.matches("Examples?:"))
        .anyMatch(line -> line.contains(command.qualifiedName(" ")));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldShowEveryDefaultAndWhatIsRequired(CommandSpec command) {
    for (OptionSpec option : command.options()) {
      String description = String.join(" ", option.description());
      assertThat(description).as(option.longestName()).isNotBlank();
      if (option.required()) {
        assertThat(description).as(option.longestName()).endsWith("Required.");
        assertThat(help(command.name()))
            .contains("Usage: dimee " + command.name() + " ")
            .contains(" %s=%s ".formatted(option.longestName(), option.paramLabel()));
      } else if (option.defaultValue() != null) {
        assertThat(description).as(option.longestName()).contains("Default: ");
      }
    }
  }
}
