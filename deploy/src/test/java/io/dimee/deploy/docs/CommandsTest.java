package io.dimee.deploy.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.cli.Dimee;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The commands of the documentation, in the real parser. */
class CommandsTest {
  private static final Set<String> PROGRAMS = Set.of("./dimee", "dimee");

  /** A word with quotes in it, an end of a command, or a comment; not all of what a shell knows. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "(?<word>(?:\"[^\"]*\"|'[^']*'|[^\\s\"'|;&<>#]|(?<=\\S)#)+)|(?<end>[|;&<>\\n])|#.*");

  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Z_]+=.*");

  static List<Page> pages() {
    return Page.all().stream().filter(page -> !commands(page).isEmpty()).toList();
  }

  private static List<List<String>> commands(Page page) {
    return page.codeBlocks().stream().flatMap(block -> commands(block).stream()).toList();
  }

  /** The arguments of each of our commands in a block. */
  private static List<List<String>> commands(String block) {
    List<List<String>> commands = new ArrayList<>();
    List<String> words = new ArrayList<>();
    Matcher tokens = TOKEN.matcher(block.replace("\\\n", " ") + "\n");
    while (tokens.find()) {
      if (tokens.group("word") != null) {
        words.add(tokens.group("word").replaceAll("[\"']", ""));
      } else if (tokens.group("end") != null) {
        addOurs(words, commands);
        words = new ArrayList<>();
      }
    }
    return commands;
  }

  private static void addOurs(List<String> words, List<List<String>> commands) {
    int first = 0;
    while (first < words.size() && ASSIGNMENT.matcher(words.get(first)).matches()) {
      first++;
    }
    if (first < words.size() && PROGRAMS.contains(words.get(first))) {
      commands.add(List.copyOf(words.subList(first + 1, words.size())));
    }
  }

  private static ParseResult parse(List<String> arguments) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Dimee(nowhere, nowhere, Map.of()).parse(arguments.toArray(String[]::new));
  }

  /** The names of all commands below one, and of their options. */
  private static Stream<String> names(CommandSpec command) {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .flatMap(
            sub ->
                Stream.concat(
                    Stream.concat(
                        Stream.of(sub.name()), sub.options().stream().map(OptionSpec::longestName)),
                    names(sub)));
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldParse(Page page) {
    for (List<String> arguments : commands(page)) {
      assertThatNoException().as("%s: %s", page, arguments).isThrownBy(() -> parse(arguments));
    }
  }

  @Test
  void shouldAllBeInTheReference() throws IOException {
    String reference = Files.readString(Page.ROOT.resolve("docs/command-line.md"));

    assertThat(names(parse(List.of()).commandSpec()).distinct())
        .as("commands and options that docs/command-line.md leaves out")
        .filteredOn(name -> !Pattern.compile("`" + name + "(?![\\w-])").matcher(reference).find())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./dimee no-such-command",
        "./dimee run --no-such-option",
        "./dimee export --output x \\\n  --no-such-option=1   # comment",
        "echo x | dimee query - --no-such-option",
        "DIMEE_LOG_LEVEL=info ./dimee dead-letters no-such-subcommand",
        "./dimee query \"FROM a; FROM b\" one-too-many > file"
      })
  void shouldFindWhatIsNotKnown(String block) {
    assertThat(commands(block)).hasSize(1);
    assertThatThrownBy(() -> parse(commands(block).get(0))).isInstanceOf(ParameterException.class);
  }

  @Test
  void shouldFindTheCommandsOfABlock() {
    String block =
        """
        ls dimee  # dimee run
        ./dimee run; A_B=c dimee query "x # y | z" --since 24h > file
        tail -f app.log | ./dimee produce \\
            --input -
        """;

    assertThat(commands(block))
        .containsExactly(
            List.of("run"),
            List.of("query", "x # y | z", "--since", "24h"),
            List.of("produce", "--input", "-"));
  }
}
