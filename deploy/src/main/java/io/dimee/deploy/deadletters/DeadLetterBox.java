package io.dimee.deploy.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.deploy.pipeline.TopicSnapshot;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.DeadLetters;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The dead letters of a cluster. */
public final class DeadLetterBox {
  private final KafkaSettings settings;
  private final Topics topics;
  private final RecordFormats formats;

  /** Prepares to read; nothing is read yet. */
  public DeadLetterBox(KafkaSettings settings, Topics topics, RecordFormats formats) {
    this.settings = settings;
    this.topics = topics;
    this.formats = formats;
  }

  /**
   * A dead letter and where it lies.
   *
   * @param eventId as {@link DeadLetters#eventId} tells it
   * @param isReplayed whether its record was sent again
   */
  public record Entry(
      int partition, long offset, String eventId, DeadLetter letter, boolean isReplayed) {
    /** Its place as people name it: PARTITION@OFFSET. */
    public String place() {
      return DeadLetterBox.place(partition, offset);
    }
  }

  private static String place(int partition, long offset) {
    return partition + "@" + offset;
  }

  /** Reads all that are there, the oldest first. */
  public List<Entry> read() {
    Set<String> replayed = new HashSet<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.replays()),
        record -> replayed.add(new String(record.key(), StandardCharsets.UTF_8)));
    List<Entry> entries = new ArrayList<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.deadLetters()),
        record -> {
          DeadLetter letter =
              formats.of(DeadLetter.class).decode(topics.deadLetters(), record.value());
          String place = place(record.partition(), record.offset());
          entries.add(
              new Entry(
                  record.partition(),
                  record.offset(),
                  DeadLetters.eventId(letter, record.key()),
                  letter,
                  replayed.contains(place)));
        });
    entries.sort(
        Comparator.comparing((Entry entry) -> entry.letter().getFailedAt())
            .thenComparing(Entry::partition)
            .thenComparing(Entry::offset));
    return entries;
  }
}
