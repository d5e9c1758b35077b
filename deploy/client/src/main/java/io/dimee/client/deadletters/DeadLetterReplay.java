package io.dimee.client.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Replay;
import io.dimee.client.outcomes.RangeReader;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Sends the records of dead letters again, to the topics that they came from. Each goes out in one
 * transaction with the note that it did, and a replay that begins fences every other: however often
 * replays run, break off or overlap, a dead letter's record is sent again once.
 */
public final class DeadLetterReplay implements AutoCloseable {
  /** Header of a replayed record: the dead letter that it comes from. */
  static final String HEADER = "dimee.replay-of";

  private static final String TRANSACTIONAL_ID = "dead-letters-replay";
  private static final RangeReader.Limits LIMITS =
      new RangeReader.Limits(1, Duration.ofSeconds(30));

  private final Connection connection;
  private final Topics topics;
  private final RecordFormats formats;
  private final Clock clock;
  private final KafkaProducer<byte[], byte[]> producer;
  private final RangeReader reader;

  /** Connects; the cluster is not changed before {@link #run}. */
  public DeadLetterReplay(Connection connection, Clock clock) {
    this.connection = connection;
    this.topics = connection.topics();
    this.formats = connection.formats();
    KafkaSettings settings = connection.settings();
    this.clock = clock;
    this.reader = new RangeReader(settings, LIMITS);
    try {
      this.producer =
          new KafkaProducer<>(settings.onlyProducer(topics.prefix() + TRANSACTIONAL_ID));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /** Watches a replay. */
  public interface Watcher {
    /** Told the dead letters so far, and of how many. */
    void done(int count, int all);

    /** Asked before each dead letter. */
    boolean isStopped();
  }

  /**
   * What became of the dead letters that were asked for, and what else lies among them.
   *
   * @param replayed sent again
   * @param gone not sent: their topics hold the records no more
   * @param neverWritten not sent: no topic has ever held them, as with lines of a file that are no
   *     events
   * @param foreign not sent: they are neither events nor tasks
   * @param unreadable records that are no dead letters
   */
  public record Result(int replayed, int gone, int neverWritten, int foreign, int unreadable) {}

  /**
   * Replays the dead letters that a filter picks and that have not been replayed. Of several about
   * one record, the first is.
   *
   * @throws KafkaException when another replay has begun meanwhile, or the cluster fails
   */
  public Result run(Predicate<DeadLetterBox.Entry> filter, Watcher watcher)
      throws InterruptedException {
    TopicSetup.ensureReplays(connection.settings(), topics);
    try {
      producer.initTransactions();
      // read after all others are fenced: what they have sent is seen
      DeadLetterBox.Contents contents = new DeadLetterBox(connection).read();
      List<DeadLetterBox.Entry> entries =
          contents.entries().stream().filter(entry -> !entry.isReplayed()).filter(filter).toList();
      Set<TopicPartition> present = reader.partitions();
      Set<String> noted = new HashSet<>();
      int replayed = 0;
      int gone = 0;
      int neverWritten = 0;
      int foreign = 0;
      for (int i = 0; i < entries.size() && !watcher.isStopped(); i++) {
        DeadLetterBox.Entry entry = entries.get(i);
        switch (entry.standing()) {
          case NEVER_WRITTEN -> neverWritten++;
          case FOREIGN -> foreign++;
          default -> {
            Optional<ConsumerRecord<byte[], byte[]>> record = find(entry.letter(), present);
            if (record.isEmpty()) {
              gone++;
            } else if (Collections.disjoint(noted, entry.noteKeys())) {
              send(entry, record.get());
              noted.addAll(entry.noteKeys());
              replayed++;
            }
          }
        }
        watcher.done(i + 1, entries.size());
      }
      return new Result(replayed, gone, neverWritten, foreign, contents.unreadable());
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new KafkaException("replay stopped: another replay has started", e);
    }
  }

  /** The record that a dead letter is about; a letter may be anybody's, and say anything. */
  private Optional<ConsumerRecord<byte[], byte[]>> find(
      DeadLetter letter, Set<TopicPartition> present) {
    TopicPartition partition = new TopicPartition(letter.getTopic(), letter.getPartition());
    if (!present.contains(partition)) {
      // to ask for a partition that there is not takes as long as the client is patient
      return Optional.empty();
    }
    long offset = letter.getOffset();
    RangeReader.Range held = reader.held(List.of(partition)).get(partition);
    if (offset < held.first() || offset >= held.next()) {
      return Optional.empty();
    }
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    reader.read(
        Map.of(partition, new RangeReader.Range(offset, offset + 1)),
        (records, positions) -> {
          found.addAll(records);
          return found.isEmpty();
        });
    return found.stream().filter(record -> isOf(letter, record.value())).findFirst();
  }

  /** A topic that was deleted and recreated holds other records at the same places. */
  static boolean isOf(DeadLetter letter, byte[] value) {
    int size = value == null ? 0 : value.length;
    ByteBuffer head = letter.getPayloadHead();
    return size == letter.getPayloadSize()
        && head.remaining() <= size
        && (size == 0 || head.equals(ByteBuffer.wrap(value, 0, head.remaining())));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the commit fails when a record was not written
  private void send(DeadLetterBox.Entry entry, ConsumerRecord<byte[], byte[]> record) {
    ProducerRecord<byte[], byte[]> again =
        new ProducerRecord<>(
            record.topic(), null, null, record.key(), record.value(), record.headers());
    again
        .headers()
        .remove(HEADER)
        .add(
            HEADER,
            "%s-%s"
                .formatted(topics.deadLetters(), entry.place())
                .getBytes(StandardCharsets.UTF_8));
    Replay note =
        Replay.newBuilder()
            .setDeadLetterPartition(entry.partition())
            .setDeadLetterOffset(entry.offset())
            .setTopic(record.topic())
            .setPartition(record.partition())
            .setOffset(record.offset())
            .setReplayedAt(clock.instant())
            .build();
    producer.beginTransaction();
    try {
      producer.send(again);
      byte[] value = formats.of(Replay.class).encode(topics.replays(), note);
      for (String key : entry.noteKeys()) {
        producer.send(
            new ProducerRecord<>(topics.replays(), key.getBytes(StandardCharsets.UTF_8), value));
      }
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw e;
    } catch (KafkaException e) {
      producer.abortTransaction();
      throw new KafkaException(
          "dead letter %s was not replayed: %s".formatted(entry.place(), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    reader.close();
    producer.close();
  }
}
