package io.dimee.node.ledger;

import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.ledger.DriftLevel;
import io.dimee.topology.ledger.DriftMonitor;
import io.dimee.topology.ledger.DriftReading;
import io.dimee.topology.ledger.LedgerSums;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Drift and running accuracy of the last while, as metrics: {@code dimee.drift.psi}, {@code
 * dimee.drift.alarm} (1 while there is one), and where events have labels {@code
 * dimee.exit.accuracy} and {@code dimee.exit.labelled}, of how many events that is.
 */
public final class DriftMeter {
  private final WholeLedger ledger;
  private final DriftMonitor monitor;
  private final Duration window;
  private final Clock clock;
  private final MultiGauge index;
  private final MultiGauge alarm;
  private final MultiGauge accuracy;
  private final MultiGauge labelled;

  /**
   * Creates the metrics; they have no values before {@link #update}.
   *
   * @param window how far back the compared predictions reach
   */
  public DriftMeter(
      WholeLedger ledger,
      DriftMonitor monitor,
      Duration window,
      MeterRegistry registry,
      Clock clock) {
    this.ledger = ledger;
    this.monitor = monitor;
    this.window = window;
    this.clock = clock;
    this.index =
        MultiGauge.builder("dimee.drift.psi")
            .description("Population stability index against the bundle's calibration reference")
            .register(registry);
    this.alarm =
        MultiGauge.builder("dimee.drift.alarm")
            .description("1 while the events are others than those the bundle was calibrated on")
            .register(registry);
    this.accuracy =
        MultiGauge.builder("dimee.exit.accuracy")
            .description("Share of right answers of an exit among events with a gold label")
            .register(registry);
    this.labelled =
        MultiGauge.builder("dimee.exit.labelled")
            .description("Events with a gold label that an exit answered")
            .register(registry);
  }

  /** Reads the ledger. */
  public List<DriftReading> read() throws UnavailableException, InterruptedException {
    return monitor.read(entries());
  }

  private List<LedgerEntry> entries() throws UnavailableException, InterruptedException {
    Instant now = clock.instant();
    return ledger.entries(now.minus(window), now.plus(LedgerSums.WINDOW));
  }

  /** Reads the ledger and sets the metrics. */
  public void update() throws UnavailableException, InterruptedException {
    List<LedgerEntry> entries = entries();
    List<DriftReading> readings = monitor.read(entries);
    index.register(
        readings.stream()
            .filter(reading -> reading.index() != null)
            .map(reading -> MultiGauge.Row.of(tags(reading), reading.index().value()))
            .collect(Collectors.toList()),
        true);
    alarm.register(
        readings.stream()
            .map(
                reading ->
                    MultiGauge.Row.of(tags(reading), reading.level() == DriftLevel.ALARM ? 1 : 0))
            .collect(Collectors.toList()),
        true);
    Map<Tags, ExitCount> exits = labelled(entries);
    accuracy.register(rows(exits, exit -> (double) exit.getRight() / exit.getLabelled()), true);
    labelled.register(rows(exits, ExitCount::getLabelled), true);
  }

  private static Tags tags(DriftReading reading) {
    return Tags.of(
        "model", reading.modelId(),
        "policy", reading.policy(),
        "feature", EnumNames.lower(reading.feature()));
  }

  private static Map<Tags, ExitCount> labelled(List<LedgerEntry> entries) {
    Map<String, LedgerEntry> models = new TreeMap<>();
    entries.forEach(entry -> models.merge(entry.getModelId(), entry, LedgerSums::plus));
    Map<Tags, ExitCount> exits = new LinkedHashMap<>();
    models.forEach(
        (model, sum) -> {
          for (ExitCount exit : sum.getExits()) {
            if (exit.getLabelled() > 0) {
              exits.put(Tags.of("model", model, "depth", Integer.toString(exit.getDepth())), exit);
            }
          }
        });
    return exits;
  }

  private static List<MultiGauge.Row<?>> rows(
      Map<Tags, ExitCount> exits, ToDoubleFunction<ExitCount> value) {
    return exits.entrySet().stream()
        .<MultiGauge.Row<?>>map(
            exit -> MultiGauge.Row.of(exit.getKey(), value.applyAsDouble(exit.getValue())))
        .toList();
  }
}
