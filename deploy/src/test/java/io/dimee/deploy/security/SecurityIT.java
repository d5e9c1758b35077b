package io.dimee.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.dimee.broker.FreePort;
import io.dimee.deploy.CommandResult;
import io.dimee.deploy.JavaProcess;
import io.dimee.deploy.SampleTexts;
import io.dimee.inference.bundle.Tier;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The pipeline on a cluster that speaks TLS, knows its clients, and denies what is not allowed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String PASSWORD = "-kafka-Secret-1";
  private static final Topics TOPICS = new Topics("secured.");
  private static final int EVENTS = 30;

  @TempDir static Path directory;
  private SecuredBroker broker;

  @BeforeAll
  void start() throws IOException, InterruptedException, ExecutionException {
    broker = SecuredBroker.start(directory, TOPICS, PASSWORD);
  }

  @AfterAll
  void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  /** Each tier with each topic: what it may read and write there. */
  static Stream<Arguments> rights() {
    Map<Tier, Set<String>> reads =
        Map.of(
            Tier.MOBILE, Set.of(TOPICS.events(), TOPICS.easy()),
            Tier.EDGE, Set.of(TOPICS.medium()),
            Tier.CLOUD, Set.of(TOPICS.hard()));
    // where they find their own work
    Set<String> outcomes = Set.of(TOPICS.predictions(), TOPICS.deadLetters());
    Map<Tier, Set<String>> writes =
        Map.of(
            Tier.MOBILE,
            Set.of(
                TOPICS.easy(),
                TOPICS.medium(),
                TOPICS.hard(),
                TOPICS.predictions(),
                TOPICS.deadLetters()),
            Tier.EDGE,
            Set.of(TOPICS.hard(), TOPICS.predictions(), TOPICS.deadLetters()),
            Tier.CLOUD,
            Set.of(TOPICS.predictions(), TOPICS.deadLetters()));
    return Stream.of(Tier.values())
        .flatMap(
            tier ->
                TOPICS.all().stream()
                    .map(
                        topic ->
                            Arguments.of(
                                tier,
                                topic,
                                reads.get(tier).contains(topic) || outcomes.contains(topic),
                                writes.get(tier).contains(topic))));
  }

  /** Writes are taken back: their transaction is aborted. */
  @ParameterizedTest
  @MethodSource("rights")
  void shouldAllowATierWhatItNeedsAndNothingElse(
      Tier tier, String topic, boolean mayRead, boolean mayWrite) throws Exception {
    KafkaSettings settings = broker.settings(SecuredBroker.user(tier));
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings.consumer(null, 1))) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seek(partition, 0);
      if (mayRead) {
        assertThat(catchThrowable(() -> consumer.poll(SHORT))).isNull();
      } else {
        // a poll ends without the broker's answer when that takes long
        await()
            .atMost(PATIENCE)
            .pollInSameThread()
            .until(
                () -> catchThrowable(() -> consumer.poll(SHORT)),
                TopicAuthorizationException.class::isInstance);
      }
    }
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings.producer(TOPICS.group(tier)))) {
      producer.initTransactions();
      producer.beginTransaction();
      Future<RecordMetadata> sent = producer.send(new ProducerRecord<>(topic, new byte[1]));
      if (mayWrite) {
        sent.get();
        producer.abortTransaction();
      } else {
        // the client knows before it sends, and holds the record until the transaction ends
        Throwable failure = catchThrowable(producer::commitTransaction);
        assertThat(Stream.iterate(failure, Objects::nonNull, Throwable::getCause))
            .hasAtLeastOneElementOfType(TopicAuthorizationException.class);
        producer.close(Duration.ZERO);
      }
    }
  }

  private JavaProcess start(Tier tier) throws IOException {
    return JavaProcess.startTalkative(
        directory,
        SecuredBroker.user(tier),
        SecuredBroker.user(tier),
        "--bootstrap-servers",
        broker.bootstrapServers(),
        "--topic-prefix",
        TOPICS.prefix(),
        "--kafka-config",
        broker.file(SecuredBroker.user(tier)).toString(),
        "--bundle",
        "../testing/bundles/tiny",
        "--cache-dir",
        SharedCache.FOLDER.toString(),
        "--threads",
        "1");
  }

  private String dimee(int code, String... args) throws IOException {
    List<String> line = new ArrayList<>(List.of(args));
    line.addAll(
        List.of(
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--topic-prefix",
            TOPICS.prefix(),
            "--kafka-config",
            broker.file(SecuredBroker.APPLICATION).toString()));
    CommandResult result = CommandResult.of(line.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isEqualTo(code);
    return result.out() + result.err();
  }

  @Test
  void shouldAnswerAsAPrincipalForEachTierAndTellNoSecret() throws Exception {
    // Given
    Path events = directory.resolve("events.txt");
    Files.write(events, SampleTexts.all().subList(0, EVENTS));
    List<String> said = new ArrayList<>();
    try (JavaProcess cloud = start(Tier.CLOUD);
        JavaProcess edge = start(Tier.EDGE);
        JavaProcess mobile = start(Tier.MOBILE)) {
      List<JavaProcess> tiers = List.of(cloud, edge, mobile);
      for (JavaProcess tier : tiers) {
        tier.awaitOutput("tier ready", PATIENCE);
        said.add(tier.commandLine());
      }

      // When
      said.add(
          dimee(0, "produce", "--input", events.toString(), "--format", "text", "--wait", "2m"));
      String predictions = dimee(0, "predictions", "--json");

      // Then
      assertThat(predictions.lines()).hasSize(EVENTS).allMatch(line -> line.contains("\"id\""));
      for (JavaProcess tier : tiers) {
        tier.terminate();
        tier.waitFor(PATIENCE.toSeconds());
        assertThat(tier.output()).contains("sasl.jaas.config = [hidden]");
        said.add(tier.output());
      }
    }
    // and what may not be done is said in one line
    said.add(dimee(1, "dead-letters", "replay"));
    assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain(PASSWORD));
  }

  /** The password may be in the address, which messages name and the registry's client logs. */
  @Test
  void shouldTellNoSecretOfARegistryThatIsAway() throws Exception {
    // Given a port that nobody listens to
    String address = "http://alice:registry-Secret-1@127.0.0.1:" + FreePort.find();
    Path file = directory.resolve("registry.properties");
    Files.writeString(file, "schema.registry.url=" + address);

    // When a tier asks it, again and again
    try (JavaProcess edge =
        JavaProcess.startTalkative(
            directory, "registry", "schemas", "check", "--kafka-config", file.toString())) {
      edge.awaitOutput("attempt 1", PATIENCE);

      // Then
      assertThat(edge.output())
          .contains("Failed to send HTTP request to endpoint: http://127.0.0.1")
          .doesNotContain("Secret-1");
    }
  }

  @Test
  void shouldStopInOneLineWhenThePasswordIsWrong() throws Exception {
    Path file = directory.resolve("wrong.properties");
    Files.writeString(
        file, Files.readString(broker.file("edge")).replace("edge" + PASSWORD, "wrong-Secret-2"));

    CommandResult result =
        CommandResult.of(
            "predictions",
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "--kafka-config",
            file.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .hasLineCount(1)
        .containsIgnoringCase("authentication")
        .doesNotContain("Secret-2");
  }
}
