package io.dimee.local;

import io.dimee.node.dashboard.Dashboard;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.Health;
import io.dimee.node.stages.Stages;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.tracing.EventTracer;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What watches a local pipeline: the ledger and the dashboard. */
final class Onlookers implements AutoCloseable {
  private static final int PARTITIONS = 1;

  private final Stages stages;
  private final Dashboard dashboard;

  private Onlookers(Stages stages, Dashboard dashboard) {
    this.stages = stages;
    this.dashboard = dashboard;
  }

  static Onlookers start(
      Connection connection,
      Dashboard.Settings own,
      ProcessMeters meters,
      EventTracer tracer,
      Supplier<List<Health>> pipeline)
      throws InterruptedException {
    Stages stages = new Stages();
    try {
      stages.add(
          LedgerStage.create(
              connection,
              new StoreStage.Settings(
                  PARTITIONS, StoreStage.RETENTION, Optional.empty(), Optional.empty()),
              meters.registry()));
      stages.start();
      return new Onlookers(
          stages,
          new Dashboard(
              connection,
              own,
              tracer,
              meters,
              () -> Stream.concat(pipeline.get().stream(), stages.health().stream()).toList()));
    } catch (RuntimeException e) {
      stages.close();
      throw e;
    }
  }

  String url() {
    return dashboard.url();
  }

  void throwIfFailed() {
    stages.throwIfFailed();
  }

  @Override
  public void close() {
    try {
      dashboard.close();
    } finally {
      stages.close();
    }
  }
}
