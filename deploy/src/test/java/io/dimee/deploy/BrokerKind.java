package io.dimee.deploy;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.topology.cluster.TopicSetup;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Brokers that the same tests run against. */
public enum BrokerKind {
  /** In this JVM, where others use it too. */
  EMBEDDED {
    @Override
    Running running(EmbeddedBroker shared) {
      return new Running(shared.bootstrapServers(), () -> {});
    }
  },

  /** Apache's image of the clients' version. */
  CONTAINER {
    @Override
    @SuppressWarnings("resource") // the test's to close
    Running running(EmbeddedBroker shared) {
      KafkaContainer container =
          new KafkaContainer(
                  DockerImageName.parse("apache/kafka").withTag(AppInfoParser.getVersion()))
              .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
              .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(TopicSetup.MAX_MESSAGE_BYTES))
              .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
      container.start();
      return new Running(container.getBootstrapServers(), container::close);
    }
  };

  /**
   * A broker.
   *
   * @param end stops it and forgets its data, unless others use it
   */
  record Running(String bootstrapServers, Runnable end) {}

  /** The one that others share, or a new one of another kind. */
  abstract Running running(EmbeddedBroker shared);

  /** Those that can be had here: the container where a Docker engine answers. */
  public static Stream<BrokerKind> available() {
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return Stream.of(values());
    }
    System.out.println("no Docker engine answers: tests run on the embedded broker alone");
    return Stream.of(EMBEDDED);
  }
}
