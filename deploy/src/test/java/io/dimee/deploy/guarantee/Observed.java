package io.dimee.deploy.guarantee;

import io.dimee.avro.Prediction;
import io.dimee.client.deadletters.DeadLetterBox;
import io.dimee.client.outcomes.TopicSnapshot;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a reader of committed records sees.
 *
 * @param events one for each record, in the order of each partition
 * @param answers predictions, in the order of each partition
 * @param letters dead letters, with what has been replayed
 */
public record Observed(
    Topics topics, List<Event> events, List<Answer> answers, List<DeadLetterBox.Entry> letters) {
  /**
   * An event.
   *
   * @param partition of the topic of events, where it lies behind those that are listed before it
   */
  public record Event(String id, int partition) {}

  /**
   * A prediction.
   *
   * @param partition of the topic of predictions, likewise
   */
  public record Answer(Prediction prediction, int partition) {}

  /** Reads events, predictions and dead letters from their beginning to their present ends. */
  public static Observed read(String bootstrapServers, Topics topics, RecordFormats formats) {
    KafkaSettings settings = new KafkaSettings(bootstrapServers, Map.of());
    List<Event> events = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.events(), topics.predictions()),
        record -> {
          if (record.topic().equals(topics.events())) {
            events.add(
                new Event(new String(record.key(), StandardCharsets.UTF_8), record.partition()));
          } else {
            answers.add(
                new Answer(
                    formats.of(Prediction.class).decode(record.topic(), record.value()),
                    record.partition()));
          }
        });
    return new Observed(
        topics,
        events,
        answers,
        new DeadLetterBox(new Connection(settings, topics, formats)).read().entries());
  }

  /** Ids of all events, as often as each was sent. */
  public List<String> eventIds() {
    return events.stream().map(Event::id).toList();
  }

  /** All predictions. */
  public List<Prediction> predictions() {
    return answers.stream().map(Answer::prediction).toList();
  }
}
