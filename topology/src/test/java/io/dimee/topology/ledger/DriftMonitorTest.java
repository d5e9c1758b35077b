package io.dimee.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.topology.ledger.DriftReading.Feature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DriftMonitorTest {
  private static final BundleManifest MANIFEST =
      Bundle.open(Path.of("../models/bundles/sst2")).manifest();

  private static final List<Pool> POOLS = List.of(Pool.EASY, Pool.MEDIUM, Pool.HARD);

  private final DriftMonitor monitor = new DriftMonitor(Map.of("sst2@a", MANIFEST));

  /** As many predictions as asked for, spread as the reference is. */
  private static List<LedgerEntry> asInTheReference(int events) {
    CalibrationReference reference = MANIFEST.reference();
    List<Integer> pools = spread(reference.pools(), events);
    List<Integer> exits = spread(reference.exits(), events);
    List<Integer> confidences = spread(reference.confidences(), events);
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      entries.add(
          LedgerSums.of(
              Prediction.newBuilder(Predictions.edge("e"))
                  .setPool(POOLS.get(pools.get(i)))
                  .setExitDepth(MANIFEST.exits().get(exits.get(i)).depth())
                  .setConfidence((confidences.get(i) + 0.5f) / CalibrationReference.CONFIDENCE_BINS)
                  .build(),
              Predictions.NOON));
    }
    return entries;
  }

  private static List<Integer> spread(List<Double> shares, int events) {
    List<Integer> places = new ArrayList<>();
    double sum = 0;
    for (int bin = 0; bin < shares.size(); bin++) {
      sum += shares.get(bin);
      places.addAll(Collections.nCopies((int) Math.round(sum * events) - places.size(), bin));
    }
    return places;
  }

  private static List<LedgerEntry> changed(
      List<LedgerEntry> entries, Consumer<LedgerEntry.Builder> change) {
    return entries.stream()
        .map(
            entry -> {
              LedgerEntry.Builder builder = LedgerEntry.newBuilder(entry);
              change.accept(builder);
              return builder.build();
            })
        .toList();
  }

  @Test
  void shouldFindWhatIsAsInTheReferenceSteady() {
    List<DriftReading> readings = monitor.read(asInTheReference(1_000));

    assertThat(readings)
        .extracting(DriftReading::feature)
        .containsExactly(Feature.POOLS, Feature.EXITS, Feature.CONFIDENCES);
    assertThat(readings).extracting(DriftReading::level).containsOnly(DriftLevel.STEADY);
    assertThat(readings).extracting(DriftReading::events).containsOnly(1_000L);
  }

  @Test
  void shouldRaiseTheAlarmForWhatHasMovedAlone() {
    List<LedgerEntry> hard = changed(asInTheReference(1_000), entry -> entry.setPool(Pool.HARD));

    List<DriftReading> readings = monitor.read(hard);

    assertThat(readings)
        .extracting(DriftReading::level)
        .containsExactly(DriftLevel.ALARM, DriftLevel.STEADY, DriftLevel.STEADY);
  }

  @Test
  void shouldNotTakeAHandfulForDrift() {
    List<DriftReading> readings = monitor.read(asInTheReference(1_000).subList(0, 3));

    assertThat(readings)
        .extracting(DriftReading::level)
        .doesNotContain(DriftLevel.STEADY, DriftLevel.WATCH)
        .contains(DriftLevel.TOO_FEW);
  }

  @Test
  void shouldSayThatAnUnknownModelHasNoReference() {
    List<LedgerEntry> unknown =
        changed(asInTheReference(10), entry -> entry.setModelId("sst2@unknown"));

    List<DriftReading> readings = monitor.read(unknown);

    assertThat(readings).extracting(DriftReading::level).containsOnly(DriftLevel.NO_REFERENCE);
  }

  @Test
  void shouldCompareOnlyPoolsWhereOneTierAnswersEverything() {
    List<LedgerEntry> edge =
        changed(asInTheReference(1_000), entry -> entry.setPolicy("edge-only"));

    List<DriftReading> readings = monitor.read(edge);

    assertThat(readings).extracting(DriftReading::feature).containsExactly(Feature.POOLS);
  }

  @Test
  void shouldReadEachModelByItself() {
    List<LedgerEntry> entries = new ArrayList<>(asInTheReference(1_000));
    entries.addAll(changed(asInTheReference(10), entry -> entry.setModelId("sst2@b")));

    List<DriftReading> readings = monitor.read(entries);

    assertThat(readings)
        .extracting(DriftReading::modelId)
        .containsExactly("sst2@a", "sst2@a", "sst2@a", "sst2@b", "sst2@b", "sst2@b");
  }
}
