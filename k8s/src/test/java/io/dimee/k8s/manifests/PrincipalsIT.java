package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.cli.Dimee;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The users of the manifests that are no tier's, on a broker with their rules and the topics of the
 * manifests: each does its work, and no more.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrincipalsIT {
  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ADMIN = "admin";

  @TempDir static Path directory;

  private EmbeddedBroker broker;
  private Admin admin;

  @BeforeAll
  void start() throws Exception {
    Manifests manifests = Manifests.of(Overlay.DEV);
    List<KafkaUser> users = manifests.all(KafkaUser.class);
    Map<String, String> settings = new HashMap<>();
    settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put("listener.name.plaintext.plain.sasl.jaas.config", logins(users));
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:admin;User:ANONYMOUS");
    broker = EmbeddedBroker.persistent(directory.resolve("data"), 0, settings);
    admin = Admin.create(settings(ADMIN).admin());
    admin
        .createTopics(
            manifests.all(KafkaTopic.class).stream()
                .map(
                    topic ->
                        new NewTopic(
                            topic.getSpec().getTopicName(),
                            Optional.of(topic.getSpec().getPartitions()),
                            Optional.empty()))
                .toList())
        .all()
        .get();
    admin
        .createAcls(
            users.stream().flatMap(user -> UserAcls.of(user).stream()).collect(Collectors.toSet()))
        .all()
        .get();
    awaitRules();
  }

  /** The broker knows its rules a little after it has taken them. */
  private void awaitRules() {
    await().atMost(PATIENCE).until(() -> mayRead("dimee-client", TOPICS.deadLetters()));
  }

  private boolean mayRead(String user, String topic) {
    try {
      read(user, topic);
      return true;
    } catch (TopicAuthorizationException e) {
      return false;
    }
  }

  @AfterAll
  void stop() {
    if (admin != null) {
      admin.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private static String login(String user) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%1$s\" password=\"of-%1$s\""
        .formatted(user);
  }

  private static String logins(List<KafkaUser> users) {
    StringBuilder logins = new StringBuilder(login(ADMIN));
    List<String> names = new ArrayList<>(List.of(ADMIN));
    users.forEach(user -> names.add(user.getMetadata().getName()));
    names.forEach(name -> logins.append(" user_%1$s=\"of-%1$s\"".formatted(name)));
    return logins.append(';').toString();
  }

  private Map<String, String> properties(String user) {
    return Map.of(
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login(user) + ";");
  }

  private KafkaSettings settings(String user) {
    return new KafkaSettings(broker.bootstrapServers(), properties(user));
  }

  private void read(String user, String topic) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings(user).consumer(null, 1))) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seek(partition, 0);
      consumer.poll(Duration.ofMillis(500));
    }
  }

  @Test
  void shouldLetTheLedgerMakeItsTopicsAndCommit() throws Exception {
    // Given
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings(ADMIN).producer(null))) {
      // a tombstone is left out, and committed all the same
      producer.send(new ProducerRecord<>(TOPICS.predictions(), 0, new byte[] {1}, null)).get();
    }

    // When
    try (LedgerStage ledger =
            LedgerStage.create(
                new Connection(settings("dimee-ledger"), TOPICS, new SingleObjectFormats()),
                new StoreStage.Settings(
                    1,
                    StoreStage.RETENTION,
                    Optional.of(directory.resolve("state")),
                    Optional.empty()),
                new SimpleMeterRegistry());
        UnansweredStage unanswered =
            UnansweredStage.create(
                new Connection(settings("dimee-ledger"), TOPICS, new SingleObjectFormats()),
                new StoreStage.Settings(
                    1,
                    StoreStage.RETENTION,
                    Optional.of(directory.resolve("state")),
                    Optional.empty()),
                new SimpleMeterRegistry())) {
      for (StoreStage<?> each : List.of(ledger, unanswered)) {
        each.forget(settings("dimee-ledger"));
        each.start();
      }

      // Then
      for (String group : List.of(TOPICS.ledgerGroup(), TOPICS.unansweredGroup())) {
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    committed(group) == 1
                        || ledger.ended().isDone()
                        || unanswered.ended().isDone());
        assertThat(committed(group)).isEqualTo(1);
      }
      assertThat(ledger.ended()).isNotDone();
      assertThat(unanswered.ended()).isNotDone();
      assertThat(admin.listTopics().names().get())
          .filteredOn(name -> name.startsWith("dimee.ledger-"))
          .hasSize(5);
    }
  }

  private long committed(String group) throws Exception {
    OffsetAndMetadata offset =
        admin
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get()
            .get(new TopicPartition(TOPICS.predictions(), 0));
    return offset == null ? 0 : offset.offset();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dimee-scaler", "dimee-dashboard"})
  void shouldLetThoseWhoWatchSeeTheLag(String user) throws Exception {
    for (Tier tier : List.of(Tier.EDGE, Tier.CLOUD)) {
      try (GroupLag lag = GroupLag.of(settings(user), TOPICS, tier)) {
        assertThat(lag.read()).isZero();
      }
    }
  }

  @Test
  void shouldLetTheDashboardReadOutcomes() {
    assertThat(mayRead("dimee-dashboard", TOPICS.predictions())).isTrue();
    assertThat(mayRead("dimee-dashboard", TOPICS.deadLetters())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dimee-scaler", "dimee-dashboard", "dimee-analyst", "dimee-client"})
  void shouldLetNoneOfThemReadTasks(String user) {
    // a poll ends without the broker's answer when that takes long
    await().atMost(PATIENCE).until(() -> !mayRead(user, TOPICS.medium()));
  }

  @Test
  void shouldLetAnAnalystReadWhatAQueryCanName() {
    for (String topic :
        List.of(TOPICS.events(), TOPICS.predictions(), TOPICS.deadLetters(), TOPICS.ledger())) {
      assertThat(mayRead("dimee-analyst", topic)).as(topic).isTrue();
    }
  }

  @Test
  void shouldLetAClientSendEventsAndReadOutcomes() {
    // When it sends, and waits for what becomes of it though nobody answers
    String said = produce("--wait", "1s");

    // Then it was allowed to, and did
    assertThat(said)
        .contains("62 of 62 events have no outcome 1s after the last was sent: sample-01");
    assertThat(mayRead("dimee-client", TOPICS.predictions())).isTrue();
    assertThat(mayRead("dimee-client", TOPICS.deadLetters())).isTrue();
  }

  /** What the command says when it has failed. */
  private String produce(String... more) {
    StringWriter err = new StringWriter();
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("produce", "--bootstrap-servers", broker.bootstrapServers()));
    properties("dimee-client")
        .forEach((key, value) -> arguments.addAll(List.of("--kafka-property", key + "=" + value)));
    arguments.addAll(List.of(more));
    int code =
        new Dimee(new PrintWriter(new StringWriter()), new PrintWriter(err), Map.of())
            .run(arguments.toArray(String[]::new));
    return code == 0 ? "" : err.toString();
  }
}
