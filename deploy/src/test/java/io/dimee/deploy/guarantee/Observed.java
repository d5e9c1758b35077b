package io.dimee.deploy.guarantee;

import io.dimee.avro.Prediction;
import io.dimee.deploy.deadletters.DeadLetterBox;
import io.dimee.deploy.pipeline.TopicSnapshot;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a reader of committed records sees.
 *
 * @param eventIds keys of the events, one for each record
 * @param letters dead letters, with what has been replayed
 */
public record Observed(
    Topics topics,
    List<String> eventIds,
    List<Prediction> predictions,
    List<DeadLetterBox.Entry> letters) {
  /** Reads events, predictions and dead letters from their beginning to their present ends. */
  public static Observed read(String bootstrapServers, Topics topics, RecordFormats formats) {
    KafkaSettings settings = new KafkaSettings(bootstrapServers, Map.of());
    List<String> eventIds = new ArrayList<>();
    List<Prediction> predictions = new ArrayList<>();
    TopicSnapshot.read(
        settings,
        List.of(topics.events(), topics.predictions()),
        record -> {
          if (record.topic().equals(topics.events())) {
            eventIds.add(new String(record.key(), StandardCharsets.UTF_8));
          } else {
            predictions.add(formats.of(Prediction.class).decode(record.topic(), record.value()));
          }
        });
    return new Observed(
        topics, eventIds, predictions, new DeadLetterBox(settings, topics, formats).read());
  }
}
