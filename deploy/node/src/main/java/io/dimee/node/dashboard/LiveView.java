package io.dimee.node.dashboard;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Prediction;
import io.dimee.topology.ledger.LedgerSums;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the predictions and dead letters that were read so far come to: sums over all of them, sums
 * by the minute over the time that drift is judged by, a series over the last minutes, and the
 * newest of both. For several threads.
 */
final class LiveView {
  /** Newest predictions that are kept. */
  private static final int RECENT = 30;

  /** Newest dead letters that are kept. */
  private static final int LETTERS = 20;

  private final Duration driftWindow;
  private final Series series;
  private final Clock clock;
  private final Map<String, LedgerEntry> totals = new HashMap<>();
  private final TreeMap<Instant, Map<String, LedgerEntry>> minutes = new TreeMap<>();
  private final Deque<Prediction> recent = new ArrayDeque<>();
  private final Deque<DeadLetter> letters = new ArrayDeque<>();
  private long letterCount;
  private Instant since;

  /**
   * Creates an empty view.
   *
   * @param driftWindow how far back the sums reach that drift is judged by
   */
  LiveView(Duration driftWindow, Series series, Clock clock) {
    this.driftWindow = driftWindow;
    this.series = series;
    this.clock = clock;
  }

  /**
   * Adds a prediction, which is cut to what is kept of any.
   *
   * @param written the time of its record
   */
  synchronized void add(Prediction prediction, Instant written) {
    Bounds.cut(prediction);
    LedgerEntry entry = LedgerSums.of(prediction, written);
    String key = LedgerSums.key(entry);
    totals.merge(key, entry, LedgerSums::plus);
    minutes
        .computeIfAbsent(entry.getWindowStart(), minute -> new HashMap<>())
        .merge(key, entry, LedgerSums::plus);
    forgetOld();
    series.add(prediction, written);
    keep(recent, prediction, RECENT);
    if (since == null || written.isBefore(since)) {
      since = written;
    }
  }

  /**
   * Adds a dead letter, which is cut likewise.
   *
   * @param written the time of its record
   */
  synchronized void add(DeadLetter letter, Instant written) {
    letterCount++;
    series.addLetter(written);
    keep(letters, Bounds.cut(letter), LETTERS);
  }

  private void forgetOld() {
    minutes.headMap(clock.instant().minus(driftWindow)).clear();
  }

  private static <T> void keep(Deque<T> newest, T one, int most) {
    newest.addFirst(one);
    if (newest.size() > most) {
      newest.removeLast();
    }
  }

  /**
   * What there is to see at one moment.
   *
   * @param totals sums over all predictions, by tier, pool, policy and model
   * @param drifting sums over those that drift is judged by
   * @param recent newest predictions, newest first
   * @param letters newest dead letters, newest first
   * @param letterCount dead letters in all
   * @param since when the oldest prediction was written; null before the first
   */
  record Snapshot(
      List<LedgerEntry> totals,
      List<LedgerEntry> drifting,
      List<Prediction> recent,
      List<DeadLetter> letters,
      long letterCount,
      Instant since,
      Series.Window series) {}

  synchronized Snapshot snapshot() {
    forgetOld();
    return new Snapshot(
        List.copyOf(totals.values()),
        minutes.values().stream().map(Map::values).flatMap(Collection::stream).toList(),
        new ArrayList<>(recent),
        new ArrayList<>(letters),
        letterCount,
        since,
        series.window());
  }
}
