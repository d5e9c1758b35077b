package io.dimee.cli;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.dimee.console.CommandGroup;
import io.dimee.console.OptionGroup;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Help that lists options and commands under headings. Picocli's argument groups would do so too,
 * but an option in such a group gets no default while none of the group is on the command line, so
 * that the environment and the file of {@code --config} would not be asked.
 */
final class GroupedHelp extends Help {
  private static final int INDENT = 2;

  GroupedHelp(CommandSpec command, ColorScheme colors) {
    super(command, colors);
  }

  /** Only what is required, since commands have up to thirty options. */
  @Override
  public String synopsis(int headingLength) {
    String required =
        commandSpec().options().stream()
            .filter(OptionSpec::required)
            .map(option -> "%s=%s ".formatted(option.longestName(), option.paramLabel()))
            .collect(joining());
    return abbreviatedSynopsis().replace("[OPTIONS]", required + "[OPTIONS]");
  }

  @Override
  public String descriptionHeading(Object... params) {
    return "%n".formatted();
  }

  @Override
  public String parameterListHeading(Object... params) {
    return commandSpec().positionalParameters().isEmpty() ? "" : title("Arguments");
  }

  @Override
  public String optionList() {
    Map<OptionGroup.Heading, List<OptionSpec>> groups =
        commandSpec().options().stream()
            .sorted(Comparator.comparing(OptionSpec::longestName))
            .collect(
                groupingBy(
                    GroupedHelp::heading,
                    () -> new EnumMap<>(OptionGroup.Heading.class),
                    toList()));
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (heading, options) -> {
          // laid out for all options, so that descriptions begin in one column
          Layout layout = createDefaultLayout();
          layout.addOptions(options, parameterLabelRenderer());
          text.append(title(heading.title())).append(layout);
        });
    return text.toString();
  }

  private static OptionGroup.Heading heading(OptionSpec option) {
    if (!(option.userObject() instanceof Field field)) {
      return OptionGroup.Heading.GENERAL;
    }
    OptionGroup group =
        field.isAnnotationPresent(OptionGroup.class)
            ? field.getAnnotation(OptionGroup.class)
            : field.getDeclaringClass().getAnnotation(OptionGroup.class);
    return group == null ? OptionGroup.Heading.OPTIONS : group.value();
  }

  @Override
  public String commandListHeading(Object... params) {
    return subcommands().isEmpty() || isGrouped() ? "" : title("Commands");
  }

  @Override
  public String commandList() {
    if (!isGrouped()) {
      return super.commandList();
    }
    Map<CommandGroup.Heading, List<Help>> groups =
        subcommands().values().stream()
            .collect(
                groupingBy(
                    command -> group(command).value(),
                    () -> new EnumMap<>(CommandGroup.Heading.class),
                    toList()));
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (heading, commands) -> text.append(title(heading.title())).append(table(commands)));
    return text.toString();
  }

  private TextTable table(Collection<Help> commands) {
    int width = subcommands().keySet().stream().mapToInt(String::length).max().orElse(0);
    int first = width + 2 * INDENT;
    TextTable table =
        TextTable.forColumns(
            colorScheme(),
            new Column(first, INDENT, Column.Overflow.SPAN),
            new Column(commandSpec().usageMessage().width() - first, INDENT, Column.Overflow.WRAP));
    for (Help command : commands) {
      String[] description = command.commandSpec().usageMessage().description();
      table.addRowValues(
          command.commandSpec().name(), description.length == 0 ? "" : description[0]);
    }
    return table;
  }

  private boolean isGrouped() {
    return !subcommands().isEmpty()
        && subcommands().values().stream().allMatch(command -> group(command) != null);
  }

  private static CommandGroup group(Help command) {
    return command.commandSpec().userObject().getClass().getAnnotation(CommandGroup.class);
  }

  private static String title(String text) {
    return "%n%s:%n".formatted(text);
  }
}
