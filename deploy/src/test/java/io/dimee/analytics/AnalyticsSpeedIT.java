package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SamplePredictions;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a query takes as the launcher runs it, the start of its JVM included. */
@Tag("nightly")
class AnalyticsSpeedIT {
  private static final int PREDICTIONS = Integer.getInteger("dimee.analytics.predictions", 2_000);
  private static final int REPEATS = Integer.getInteger("dimee.analytics.repeats", 1);
  private static final double NANOS = 1e9;
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final String CLASS_PATH =
      "%1$s/*:%1$s/lib/*".formatted(Path.of("target").toAbsolutePath());

  @TempDir private Path directory;

  @Test
  void shouldReadTheTopicOnce() throws Exception {
    // Given
    Topics topics = new Topics("speed.");
    try (EmbeddedBroker broker = EmbeddedBroker.temporary()) {
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      TopicSetup.ensure(settings, List.of(topics.predictions()), 2);
      try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer("samples"))) {
        SamplePredictions.write(
            producer, topics.predictions(), new SingleObjectFormats(), PREDICTIONS, Instant.EPOCH);
      }

      warmUp(broker.bootstrapServers(), topics);

      // When
      double first = seconds(broker.bootstrapServers(), topics);
      long read = bytesRead(topics.predictions());
      StringBuilder repeated = new StringBuilder();
      for (int i = 0; i < REPEATS; i++) {
        repeated.append(" %.2f s".formatted(seconds(broker.bootstrapServers(), topics)));
      }

      // Then the broker has handed out no prediction again
      assertThat(read).isPositive();
      assertThat(bytesRead(topics.predictions())).isEqualTo(read);
      System.out.printf(
          "query over %,d predictions: first %.2f s, then%s%n", PREDICTIONS, first, repeated);
    }
  }

  /** What the broker, which is in this JVM, has handed out of a topic. */
  private static long bytesRead(String topic) throws JMException {
    ObjectName name =
        new ObjectName(
            "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec,topic=%s".formatted(topic));
    return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Count");
  }

  /** Keeps the classes in an archive, as the launcher does after a build. */
  private void warmUp(String bootstrapServers, Topics topics)
      throws IOException, InterruptedException {
    query("-XX:ArchiveClassesAtExit=", "FROM ledger", bootstrapServers, topics);
  }

  private double seconds(String bootstrapServers, Topics topics)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    String output =
        query(
            "-XX:SharedArchiveFile=",
            "SELECT tier, count(*), avg(cost.total) FROM predictions GROUP BY 1",
            bootstrapServers,
            topics);
    double seconds = (System.nanoTime() - begin) / NANOS;
    assertThat(output).contains("mobile,%d,3.0".formatted(PREDICTIONS / 2));
    return seconds;
  }

  /** Runs a query with the launcher's flags; returns what it prints. */
  private String query(String archive, String sql, String bootstrapServers, Topics topics)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output.csv");
    Path log = directory.resolve("error.log");
    Process process =
        new ProcessBuilder(
                JAVA.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                archive + directory.resolve("short.jsa"),
                "-Xlog:disable",
                "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider",
                "-Dslf4j.internal.verbosity=WARN",
                "-cp",
                CLASS_PATH,
                "io.dimee.cli.Dimee",
                "query",
                sql,
                "--csv",
                "--bootstrap-servers",
                bootstrapServers,
                "--topic-prefix",
                topics.prefix(),
                "--cache-dir",
                directory.resolve("cache").toString())
            .redirectError(log.toFile())
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    return Files.readString(output);
  }
}
