package io.dimee.local;

import io.dimee.console.CommandSource;
import java.util.List;

/** The commands that bring a broker. */
public final class LocalCommands implements CommandSource {
  @Override
  public int rank() {
    return 0;
  }

  @Override
  public List<Class<?>> commands() {
    return List.of(RunCommand.class, BrokerCommand.class);
  }
}
