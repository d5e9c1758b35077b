package io.dimee.cli;

import io.dimee.console.CommandSource;
import java.util.List;

/** The commands of a cluster: services, clients, administration. */
public final class ClusterCommands implements CommandSource {
  @Override
  public int rank() {
    return 1;
  }

  @Override
  public List<Class<?>> commands() {
    return List.of(
        TierCommand.Mobile.class,
        TierCommand.Edge.class,
        TierCommand.Cloud.class,
        ProduceCommand.class,
        PredictionsCommand.class,
        DeadLettersCommand.class,
        LedgerCommand.class,
        DashboardCommand.class,
        SchemasCommand.class,
        AclsCommand.class,
        AssembleCommand.class);
  }
}
