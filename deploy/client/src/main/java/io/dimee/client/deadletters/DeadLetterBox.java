package io.dimee.client.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Replay;
import io.dimee.client.outcomes.OutcomeDecoder;
import io.dimee.client.outcomes.TopicSnapshot;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.DeadLetters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The dead letters of a cluster. */
public final class DeadLetterBox {
  private final Connection connection;

  /** Prepares to read; nothing is read yet. */
  public DeadLetterBox(Connection connection) {
    this.connection = connection;
  }

  /** Whether a dead letter's record can be sent again. */
  public enum Standing {
    /** It can, while its topic holds it. */
    OPEN,
    /** It was. */
    REPLAYED,
    /** No topic has ever held it, as with lines of a file that are no events. */
    NEVER_WRITTEN,
    /** It is neither event nor task: whoever wrote the letter, the pipeline did not. */
    FOREIGN
  }

  /**
   * A dead letter and where it lies.
   *
   * @param eventId as {@link DeadLetters#eventId} tells it
   * @param noteKeys what its replay is noted by
   */
  public record Entry(
      int partition,
      long offset,
      String eventId,
      DeadLetter letter,
      Standing standing,
      List<String> noteKeys) {
    /** Its place as people name it: PARTITION@OFFSET. */
    public String place() {
      return DeadLetterBox.place(partition, offset);
    }

    /** Whether its record was sent again. */
    public boolean isReplayed() {
      return standing == Standing.REPLAYED;
    }
  }

  /**
   * All that lies there.
   *
   * @param entries oldest first
   * @param unreadable records that are no dead letters
   */
  public record Contents(List<Entry> entries, int unreadable) {}

  private static String place(int partition, long offset) {
    return partition + "@" + offset;
  }

  /**
   * Reads all that is there.
   *
   * @throws org.apache.kafka.common.KafkaException when the cluster does not answer
   */
  public Contents read() {
    KafkaSettings settings = connection.settings();
    Topics topics = connection.topics();
    PresentTopics present = PresentTopics.of(settings);
    ReplayNotes notes = new ReplayNotes(connection.formats().of(Replay.class));
    TopicSnapshot.read(settings, List.of(topics.replays()), notes::add);
    OutcomeDecoder decoder = new OutcomeDecoder(connection.wire());
    AtomicInteger unreadable = new AtomicInteger();
    List<Entry> entries = new ArrayList<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.deadLetters()),
        record -> {
          int before = entries.size();
          decoder.decode(
              record,
              prediction -> {},
              letter -> entries.add(entry(record, letter, present, notes)));
          if (record.value() != null && entries.size() == before) {
            unreadable.incrementAndGet();
          }
        });
    entries.sort(
        Comparator.comparing((Entry entry) -> entry.letter().getFailedAt())
            .thenComparing(Entry::partition)
            .thenComparing(Entry::offset));
    return new Contents(List.copyOf(entries), unreadable.get());
  }

  private Entry entry(
      ConsumerRecord<byte[], byte[]> record,
      DeadLetter letter,
      PresentTopics present,
      ReplayNotes notes) {
    List<String> keys =
        List.of(
            present.key(record.topic(), record.partition(), record.offset()),
            present.key(letter.getTopic(), letter.getPartition(), letter.getOffset()));
    boolean isNoted = notes.tellOf(keys, place(record.partition(), record.offset()), letter);
    return new Entry(
        record.partition(),
        record.offset(),
        DeadLetters.eventId(letter, record.key()),
        letter,
        standing(connection.topics(), letter, isNoted),
        keys);
  }

  static Standing standing(Topics topics, DeadLetter letter, boolean isNoted) {
    if (letter.getOffset() < 0) {
      return Standing.NEVER_WRITTEN;
    }
    if (!topics.inputs().contains(letter.getTopic())) {
      return Standing.FOREIGN;
    }
    return isNoted ? Standing.REPLAYED : Standing.OPEN;
  }
}
