package io.dimee.deploy.cli;

import io.dimee.deploy.dashboard.Dashboard;
import io.dimee.deploy.ledger.LedgerStage;
import io.dimee.deploy.operations.ProcessMeters;
import io.dimee.deploy.pipeline.Health;
import io.dimee.deploy.pipeline.Stages;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.tracing.EventTracer;
import java.util.List;
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
      KafkaSettings settings,
      Topics topics,
      RecordFormats formats,
      Dashboard.Settings own,
      ProcessMeters meters,
      EventTracer tracer,
      Supplier<List<Health>> pipeline)
      throws InterruptedException {
    Stages stages = new Stages();
    try {
      stages.add(
          LedgerStage.create(
              settings,
              topics,
              formats,
              PARTITIONS,
              LedgerStage.RETENTION,
              null,
              null,
              meters.registry()));
      stages.start();
      return new Onlookers(
          stages,
          new Dashboard(
              settings,
              topics,
              formats,
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
