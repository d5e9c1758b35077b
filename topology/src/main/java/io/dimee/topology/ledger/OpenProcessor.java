package io.dimee.topology.ledger;

import java.time.Duration;
import java.util.function.ToLongFunction;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.TimestampedKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;

/**
 * Opens an event and closes it with its outcome. Topics are not read in step, so that an outcome
 * may come before its event, and is remembered for a while. How long an event has been open is
 * counted from when it was read, by this machine's clock: what waits to be read is not overdue.
 *
 * <p>Opening twice is opening once: an event that was sent again, since it had no outcome, is
 * closed by one.
 */
final class OpenProcessor extends ContextualProcessor<String, Boolean, Void, Void> {
  /** Longer than an event is read behind its outcome. */
  static final Duration EARLY = Duration.ofHours(1);

  private static final Duration SWEEP = Duration.ofMinutes(10);

  private final Duration retention;
  private TimestampedKeyValueStore<String, Long> open;
  private KeyValueStore<String, Long> early;

  OpenProcessor(Duration retention) {
    this.retention = retention;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    super.init(context);
    open = context.getStateStore(UnansweredTopology.OPEN);
    early = context.getStateStore(UnansweredTopology.EARLY);
    context.schedule(SWEEP, PunctuationType.WALL_CLOCK_TIME, this::sweep);
  }

  @Override
  public void process(Record<String, Boolean> record) {
    // a delete is written to the cluster, also of what is not there
    if (record.value()) {
      if (early.get(record.key()) != null) {
        early.delete(record.key());
      } else if (open.get(record.key()) == null) {
        open.put(
            record.key(),
            ValueAndTimestamp.make(context().currentSystemTimeMs(), record.timestamp()));
      }
    } else if (open.get(record.key()) != null) {
      open.delete(record.key());
    } else {
      early.put(record.key(), context().currentSystemTimeMs());
    }
  }

  private void sweep(long now) {
    sweep(open, ValueAndTimestamp::value, now - retention.toMillis());
    sweep(early, Long::longValue, now - EARLY.toMillis());
  }

  private static <V> void sweep(KeyValueStore<String, V> store, ToLongFunction<V> read, long till) {
    try (KeyValueIterator<String, V> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<String, V> entry = entries.next();
        if (read.applyAsLong(entry.value) < till) {
          store.delete(entry.key);
        }
      }
    }
  }
}
