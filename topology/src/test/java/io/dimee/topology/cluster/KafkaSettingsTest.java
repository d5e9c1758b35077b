package io.dimee.topology.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
  @EnumSource(Delivery.class)
  void shouldReadNothingThatWasAborted(Delivery delivery) {
    // Given
    KafkaSettings settings = new KafkaSettings(SERVERS, Map.of());
    StreamsConfig router = new StreamsConfig(settings.streams("router", delivery));
    StreamsConfig ledger = new StreamsConfig(settings.ledger("ledger", Path.of("state"), null));

    // Then each consumer of the program reads what is committed, and nothing else
    assertThat(
            List.of(
                settings.consumer("group", 10),
                settings.consumer(null, 10),
                router.getMainConsumerConfigs("group", "client", 0),
                router.getRestoreConsumerConfigs("client"),
                router.getGlobalConsumerConfigs("client"),
                ledger.getMainConsumerConfigs("group", "client", 0),
                ledger.getRestoreConsumerConfigs("client"),
                ledger.getGlobalConsumerConfigs("client")))
        .allSatisfy(
            consumer ->
                assertThat(new ConsumerConfig(deserializing(consumer)).getString("isolation.level"))
                    .isEqualTo("read_committed"));
  }

  private static Map<String, Object> deserializing(Map<?, ?> consumer) {
    Map<String, Object> properties = new HashMap<>();
    consumer.forEach((key, value) -> properties.put(key.toString(), value));
    properties.put("key.deserializer", ByteArrayDeserializer.class);
    properties.put("value.deserializer", ByteArrayDeserializer.class);
    return properties;
  }

  @ParameterizedTest
  @ValueSource(strings = {"isolation.level", "producer.acks", "main.consumer.isolation.level"})
  void shouldRefuseWhatGuaranteesRestOn(String key) {
    assertThatThrownBy(() -> new KafkaSettings(SERVERS, Map.of(key, "any")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(key);
  }

  @Test
  void shouldBoundWhatABrokerAnswersAtOnce() {
    KafkaSettings settings = new KafkaSettings(SERVERS, Map.of());
    KafkaSettings own = new KafkaSettings(SERVERS, Map.of("fetch.max.bytes", "7"));

    assertThat(settings.consumer("group", 256)).containsEntry("fetch.max.bytes", "16777216");
    assertThat(settings.streams("router", Delivery.EXACTLY_ONCE))
        .containsEntry("consumer.fetch.max.bytes", "16777216");
    assertThat(own.consumer("group", 256)).containsEntry("fetch.max.bytes", "7");
    assertThat(own.streams("router", Delivery.EXACTLY_ONCE))
        .doesNotContainKey("consumer.fetch.max.bytes");
  }
}
