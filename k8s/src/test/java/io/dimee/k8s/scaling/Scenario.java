package io.dimee.k8s.scaling;

import io.dimee.k8s.manifests.Keda;
import io.dimee.k8s.manifests.Manifests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The edge of the production overlay under eight times the recorded load: ten quiet minutes, thirty
 * loud ones, forty quiet ones.
 */
final class Scenario {
  static final int LOUD_FROM = 600;
  static final int LOUD_TO = 2_400;
  private static final int END = 4_800;
  private static final int TIMES = 8;

  /** Seconds of the recording at a rate of 20 and of 120 events a second. */
  private static final int QUIET_FROM = 250;

  private static final int QUIET_TO = 310;
  private static final int BUSY_FROM = 70;
  private static final int BUSY_TO = 170;

  private static final int START_SECONDS = 20;
  private static final int REBALANCE_SECONDS = 3;

  private final Recording recording;

  private Scenario(Recording recording) {
    this.recording = recording;
  }

  static Scenario load() throws IOException {
    return new Scenario(Recording.read(Path.of("src/test/resources/medium.csv")));
  }

  ScalingRule rule() throws IOException {
    Keda.ScaledObject edge =
        Manifests.ofProduction().all(Keda.ScaledObject.class).stream()
            .filter(scaled -> scaled.metadata().getName().equals("dimee-edge"))
            .findFirst()
            .orElseThrow();
    return ScalingRule.of(edge);
  }

  double ratePerPod() {
    return recording.ratePerWorker();
  }

  List<Long> arrivals() {
    List<Long> arrivals = new ArrayList<>();
    arrivals.addAll(recording.arrivals(QUIET_FROM, QUIET_TO, LOUD_FROM));
    arrivals.addAll(recording.arrivals(BUSY_FROM, BUSY_TO, LOUD_TO - LOUD_FROM));
    arrivals.addAll(recording.arrivals(QUIET_FROM, QUIET_TO, END - LOUD_TO));
    return arrivals.stream().map(one -> one * TIMES).toList();
  }

  List<Simulation.Second> run(ScalingRule rule) {
    return new Simulation(ratePerPod(), START_SECONDS, REBALANCE_SECONDS).run(rule, arrivals());
  }
}
