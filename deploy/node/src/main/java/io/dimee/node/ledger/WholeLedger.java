package io.dimee.node.ledger;

import io.dimee.avro.LedgerEntry;
import io.dimee.topology.ledger.LedgerParts;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;

/** The ledger over all of its instances. */
public final class WholeLedger {
  private static final Comparator<LedgerEntry> ORDER =
      Comparator.comparing(LedgerEntry::getWindowStart)
          .thenComparing(LedgerEntry::getModelId)
          .thenComparing(LedgerEntry::getPolicy)
          .thenComparing(LedgerEntry::getTier)
          .thenComparing(LedgerEntry::getPool);

  private final LedgerParts parts;
  private final WholeStore<List<LedgerEntry>> store;

  /**
   * Creates a view of the ledger.
   *
   * @param own address under which this instance is known to the others
   */
  public WholeLedger(LedgerParts parts, HostInfo own) {
    this.parts = parts;
    this.store = new WholeStore<>(parts, own, new LedgerJson()::read, WholeLedger::newer);
  }

  /**
   * The parts of this instance, by their numbers; none where there are more instances than parts.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   */
  public Map<Integer, List<LedgerEntry>> local(Instant from, Instant to)
      throws UnavailableException {
    return store.local(() -> parts.entries(from, to));
  }

  /** All of it, the oldest windows first. */
  public List<LedgerEntry> entries(Instant from, Instant to)
      throws UnavailableException, InterruptedException {
    return store
        .all(() -> parts.entries(from, to), "ledger/parts?from=%s&to=%s".formatted(from, to))
        .stream()
        .flatMap(List::stream)
        .sorted(ORDER)
        .toList();
  }

  /** Sums only grow, so that the greater ones are the newer ones. */
  private static List<LedgerEntry> newer(List<LedgerEntry> one, List<LedgerEntry> other) {
    return predictions(one) > predictions(other) ? one : other;
  }

  private static long predictions(List<LedgerEntry> entries) {
    return entries.stream().mapToLong(LedgerEntry::getCount).sum();
  }
}
