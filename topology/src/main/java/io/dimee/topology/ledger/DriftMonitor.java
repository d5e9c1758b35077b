package io.dimee.topology.ledger;

import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.CalibrationReference;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.Pool;
import io.dimee.topology.ledger.DriftReading.Feature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares entries of the ledger with the references of bundles: population stability index of
 * pools, exits and confidences, for each model and policy.
 */
public final class DriftMonitor {
  /** One tier answers everything: neither its exits nor its confidences are the reference's. */
  private static final Set<String> OF_ONE_EXIT = Set.of("mobile-only", "edge-only", "cloud-only");

  private final Map<String, BundleManifest> models;

  /**
   * Creates a monitor.
   *
   * @param models manifests by model id
   */
  public DriftMonitor(Map<String, BundleManifest> models) {
    this.models = Map.copyOf(models);
  }

  /** Readings of the given entries, which may be of any windows. */
  public List<DriftReading> read(Collection<LedgerEntry> entries) {
    Map<String, List<LedgerEntry>> groups =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.getModelId() + "|" + entry.getPolicy(),
                    TreeMap::new,
                    Collectors.toList()));
    return groups.values().stream().flatMap(this::readGroup).toList();
  }

  private Stream<DriftReading> readGroup(List<LedgerEntry> entries) {
    String modelId = entries.get(0).getModelId();
    String policy = entries.get(0).getPolicy();
    long events = entries.stream().mapToLong(LedgerEntry::getCount).sum();
    BundleManifest manifest = models.get(modelId);
    if (manifest == null || manifest.reference() == null) {
      return Stream.of(Feature.values())
          .map(
              feature ->
                  new DriftReading(
                      modelId, policy, feature, events, null, DriftLevel.NO_REFERENCE));
    }
    CalibrationReference reference = manifest.reference();
    int rows = reference.rows();
    List<DriftReading> readings = new ArrayList<>();
    readings.add(
        reading(
            modelId,
            policy,
            Feature.POOLS,
            events,
            StabilityIndex.of(pools(entries), reference.pools(), rows)));
    if (!OF_ONE_EXIT.contains(policy)) {
      readings.add(
          reading(
              modelId,
              policy,
              Feature.EXITS,
              events,
              StabilityIndex.ofOrdered(exits(entries, manifest.exits()), reference.exits(), rows)));
      readings.add(
          reading(
              modelId,
              policy,
              Feature.CONFIDENCES,
              events,
              StabilityIndex.ofOrdered(confidences(entries), reference.confidences(), rows)));
    }
    return readings.stream();
  }

  private static DriftReading reading(
      String modelId, String policy, Feature feature, long events, StabilityIndex index) {
    return new DriftReading(modelId, policy, feature, events, index, DriftLevel.of(index));
  }

  private static List<Long> pools(List<LedgerEntry> entries) {
    return Stream.of(Pool.values())
        .map(
            pool ->
                entries.stream()
                    .filter(entry -> entry.getPool().name().equals(pool.name()))
                    .mapToLong(LedgerEntry::getCount)
                    .sum())
        .toList();
  }

  private static List<Long> exits(List<LedgerEntry> entries, List<Exit> exits) {
    Map<Integer, Long> counts =
        entries.stream()
            .flatMap(entry -> entry.getExits().stream())
            .collect(
                Collectors.groupingBy(
                    ExitCount::getDepth, Collectors.summingLong(ExitCount::getCount)));
    return exits.stream().map(exit -> counts.getOrDefault(exit.depth(), 0L)).toList();
  }

  private static List<Long> confidences(List<LedgerEntry> entries) {
    List<Long> sums = new ArrayList<>();
    for (int bin = 0; bin < CalibrationReference.CONFIDENCE_BINS; bin++) {
      long sum = 0;
      for (LedgerEntry entry : entries) {
        // an entry of another build may have fewer bins
        sum += bin < entry.getConfidences().size() ? entry.getConfidences().get(bin) : 0;
      }
      sums.add(sum);
    }
    return sums;
  }
}
