package io.dimee.analytics.command;

import io.dimee.console.CommandSource;
import java.util.List;

/** The commands that ask what the topics hold. */
public final class AnalyticsCommands implements CommandSource {
  @Override
  public int rank() {
    return 2;
  }

  @Override
  public List<Class<?>> commands() {
    return List.of(QueryCommand.class, ExportCommand.class);
  }
}
