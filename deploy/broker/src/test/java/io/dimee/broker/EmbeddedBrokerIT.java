package io.dimee.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBrokerIT {
  private static final String TOPIC = "texts";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void shouldKeepCommittedRecordsAndReleaseEverythingAcrossARestart() throws Exception {
    // Given a broker with a committed and an aborted transaction, closed
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    int port;
    try (EmbeddedBroker broker = EmbeddedBroker.persistent(directory, 0, Map.of())) {
      port = Integer.parseInt(broker.bootstrapServers().split(":", -1)[1]);
      createTopic(broker);
      try (KafkaProducer<String, String> producer = transactionalProducer(broker)) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "a", "committed")).get();
        producer.commitTransaction();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(TOPIC, "b", "aborted")).get();
        producer.abortTransaction();
      }
    }
    // in the same thread: the one that would poll is no daemon
    await()
        .pollInSameThread()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !thread.isDaemon() && !before.contains(thread))
                    .isEmpty());

    // When the next broker takes over its port and folder
    try (EmbeddedBroker broker = EmbeddedBroker.persistent(directory, port, Map.of());
        KafkaProducer<String, String> producer = transactionalProducer(broker)) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(TOPIC, "c", "after")).get();
      producer.commitTransaction();

      // Then
      assertThat(committedValues(broker, 2)).containsExactly("committed", "after");
    }
  }

  @Test
  void shouldKeepTemporaryDataFromOthersAndDeleteItWhenClosed() throws IOException {
    // Given
    Path data;
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      data = broker.data();
      assertThat(data).isNotEmptyDirectory();
      assertThat(permissions(data)).isEqualTo("rwx------");
    }

    // Then
    assertThat(Files.exists(data)).isFalse();
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @CsvSource({
    // a folder that is empty, one of an earlier broker, one with something else, one of everybody's
    "rwxr-xr-x, , rwx------",
    "rwxrwx---, meta.properties, rwx------",
    "rwxr-xr-x, thesis.txt, rwxr-xr-x",
    "rwxrwxrwx, , rwxrwxrwx"
  })
  void shouldKeepItsFolderFromOthersUnlessItMayBeTheirs(String before, String content, String after)
      throws IOException {
    // Given
    Path data = Files.createDirectory(directory.resolve("data"));
    if (content != null) {
      Files.createFile(data.resolve(content));
    }
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(before));

    // When
    EmbeddedBroker.prepare(data);

    // Then
    assertThat(permissions(data)).isEqualTo(after);
  }

  @Test
  void shouldRefuseAFolderThatAnotherBrokerUses() throws IOException {
    // Given
    Path data = directory.resolve("data");
    try (EmbeddedBroker broker = EmbeddedBroker.persistent(data, 0, Map.of())) {
      assertThat(permissions(data)).isEqualTo("rwx------");

      // When, then
      assertThatThrownBy(() -> EmbeddedBroker.persistent(data, 0, Map.of()).close())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("data=" + data)
          .hasMessageContaining("another broker")
          .hasMessageNotContaining("\n");
      assertThat(broker.bootstrapServers()).startsWith("127.0.0.1:");
    }
  }

  @Test
  void shouldNameThePortThatIsTaken() throws IOException {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      // When, then
      assertThatThrownBy(() -> EmbeddedBroker.persistent(directory, port, Map.of()).close())
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("port=" + port)
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void shouldNameThePortThatIsNone(int port) {
    assertThatThrownBy(() -> EmbeddedBroker.persistent(directory, port, Map.of()).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("port=" + port)
        .hasMessageContaining("65535");
  }

  @Test
  void shouldRefuseToChangeWhatItNeeds() {
    assertThatThrownBy(
            () -> EmbeddedBroker.persistent(directory, 0, Map.of("node.id", "2")).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("broker-property node.id");
  }

  @Test
  void shouldNameTheFolderThatIsAFile() throws IOException {
    // Given
    Path file = Files.writeString(directory.resolve("file"), "text");

    // When, then
    assertThatThrownBy(() -> EmbeddedBroker.persistent(file, 0, Map.of()).close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("data=" + file);
  }

  private static void createTopic(EmbeddedBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<String, String> transactionalProducer(EmbeddedBroker broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test"),
        new StringSerializer(),
        new StringSerializer());
  }

  private static List<String> committedValues(EmbeddedBroker broker, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (ConsumerRecord<String, String> record :
                    consumer.poll(Duration.ofMillis(100))) {
                  values.add(record.value());
                }
                return values.size() >= count;
              });
    }
    return values;
  }
}
