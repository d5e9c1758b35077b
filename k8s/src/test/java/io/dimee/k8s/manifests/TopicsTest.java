package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TopicsTest {
  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

  private static Map<String, KafkaTopic> topics(Overlay overlay) {
    return Manifests.of(overlay).all(KafkaTopic.class).stream()
        .collect(Collectors.toMap(topic -> topic.getSpec().getTopicName(), Function.identity()));
  }

  @ParameterizedTest
  @EnumSource
  void shouldDeclareEveryTopicAsTheProgramWouldMakeIt(Overlay overlay) {
    Map<String, KafkaTopic> topics = topics(overlay);

    assertThat(topics.keySet()).isEqualTo(TOPICS.types().keySet());
    assertThat(topics.values())
        .allSatisfy(
            topic ->
                assertThat(topic.getSpec().getConfig())
                    .contains(entry("max.message.bytes", TopicSetup.MAX_MESSAGE_BYTES)));
    assertThat(topics.get(TOPICS.replays()).getSpec().getPartitions()).isEqualTo(1);
    assertThat(topics.get(TOPICS.replays()).getSpec().getConfig())
        .contains(entry("cleanup.policy", "compact"));
    assertThat(topics.get(TOPICS.ledger()).getSpec().getConfig())
        .contains(
            entry("cleanup.policy", "compact,delete"),
            entry("retention.ms", Duration.ofDays(30).toMillis()));
  }

  /** What a group may have read must not outlive what is known of it. */
  @Test
  void shouldKeepOffsetsForLongerThanWhatGroupsRead() {
    Kafka kafka = Manifests.of(Overlay.DEV).all(Kafka.class).get(0);
    Object minutes = kafka.getSpec().getKafka().getConfig().get("offsets.retention.minutes");
    Duration offsets = Duration.ofMinutes(((Number) minutes).longValue());
    Map<String, KafkaTopic> topics = topics(Overlay.DEV);

    assertThat(TOPICS.all())
        .allSatisfy(
            topic -> {
              Object millis = topics.get(topic).getSpec().getConfig().get("retention.ms");
              assertThat(Duration.ofMillis(((Number) millis).longValue()))
                  .isBetween(Duration.ofDays(1), offsets.dividedBy(2));
            });
  }
}
