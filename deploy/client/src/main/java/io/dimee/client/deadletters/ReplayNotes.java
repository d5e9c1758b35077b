package io.dimee.client.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Replay;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is noted of replays. A replay leaves two notes: one by its dead letter, and one by the
 * record that was sent again, of which a second dead letter may tell.
 *
 * <p>Earlier builds noted a dead letter's partition and offset alone. Such a note is about the
 * letter that lies there now if that tells of the same record and is not younger than the replay.
 */
final class ReplayNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayNotes.class);

  private final RecordFormat<Replay> format;
  private final Map<String, ConsumerRecord<byte[], byte[]>> notes = new HashMap<>();

  ReplayNotes(RecordFormat<Replay> format) {
    this.format = format;
  }

  /** Takes the next record of the topic of replays. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      notes.remove(key);
    } else {
      notes.put(key, record);
    }
  }

  /**
   * Whether a dead letter's record was sent again.
   *
   * @param keys what the replay is noted by
   * @param place of the letter, PARTITION@OFFSET
   */
  boolean tellOf(List<String> keys, String place, DeadLetter letter) {
    return keys.stream().anyMatch(notes::containsKey)
        || (notes.containsKey(place) && isOf(notes.get(place), letter));
  }

  private boolean isOf(ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
    try {
      Replay note = format.decode(record.topic(), record.value());
      return note.getTopic().equals(letter.getTopic())
          && note.getPartition() == letter.getPartition()
          && note.getOffset() == letter.getOffset()
          && !letter.getFailedAt().isAfter(note.getReplayedAt());
    } catch (UnreadableRecordException e) {
      LOG.warn("skipping {} at {}: {}", record.topic(), record.offset(), e.getMessage());
      return false;
    }
  }
}
