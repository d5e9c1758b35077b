package io.dimee.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaSettingsTest {
  private static final String SERVERS = "127.0.0.1:1";

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer", "CONSUMER"})
  void shouldLeaveTheAssignmentToWhoeverTheProtocolSays(String protocol) {
    // Given
    Properties properties =
        new KafkaSettings(SERVERS, Map.of("group.protocol", protocol)).consumer("group", 10);

    // Then Kafka's own check of the configuration passes
    assertThatCode(() -> new KafkaConsumer<>(properties).close()).doesNotThrowAnyException();
    assertThat(properties.containsKey("partition.assignment.strategy"))
        .isEqualTo(protocol.equals("classic"));
  }

  @Test
  void shouldLetUsersChangeWhatNoGuaranteeRestsOn() {
    KafkaSettings settings =
        new KafkaSettings(SERVERS, Map.of("max.poll.records", "7", "batch.size", "100"));

    assertThat(settings.consumer("group", 256)).containsEntry("max.poll.records", "7");
    assertThat(settings.producer(null)).containsEntry("batch.size", "100");
  }

  @Test
  void shouldHearOfNewPartitionsSoonWhereSomebodyWatches() {
    KafkaSettings settings = new KafkaSettings(SERVERS, Map.of());

    assertThat(settings.watcher(10))
        .containsEntry("metadata.max.age.ms", "5000")
        .containsEntry("isolation.level", "read_committed");
    assertThat(settings.consumer(null, 10)).doesNotContainKey("metadata.max.age.ms");
    assertThat(new KafkaSettings(SERVERS, Map.of("metadata.max.age.ms", "1")).watcher(10))
        .containsEntry("metadata.max.age.ms", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"isolation.level", "producer.acks", "main.consumer.isolation.level"})
  void shouldRefuseWhatGuaranteesRestOn(String key) {
    assertThatThrownBy(() -> new KafkaSettings(SERVERS, Map.of(key, "any")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }
}
