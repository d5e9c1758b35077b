package io.dimee.client.deadletters;

import io.dimee.topology.cluster.KafkaSettings;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;

/**
 * The topics that a cluster has now. One that was deleted and recreated under its name is another,
 * and holds other records at the same places; Kafka tells them apart by their ids.
 */
record PresentTopics(Map<String, Uuid> ids) {
  /**
   * Asks for all topics that may be seen.
   *
   * @throws KafkaException when the cluster does not answer
   */
  static PresentTopics of(KafkaSettings settings) {
    try (Admin admin = Admin.create(settings.admin())) {
      return new PresentTopics(
          admin.listTopics().listings().get().stream()
              .collect(Collectors.toMap(TopicListing::name, TopicListing::topicId)));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException(
          "cannot list the topics: " + e.getCause().getMessage(), e.getCause());
    }
  }

  /**
   * What a record is remembered by: TOPIC_ID/PARTITION@OFFSET, with the topic's name where the
   * cluster gives it no id.
   */
  String key(String topic, int partition, long offset) {
    Uuid id = ids.getOrDefault(topic, Uuid.ZERO_UUID);
    return "%s/%d@%d".formatted(id.equals(Uuid.ZERO_UUID) ? topic : id, partition, offset);
  }
}
