package io.dimee.topology.cluster;

import io.dimee.inference.bundle.Tier;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the topics that are absent; those that exist are left as they are. */
public final class TopicSetup {
  /** Room for the hidden state of 512 tokens in fp32, 768 KiB, and for long texts. */
  public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
  private static final int DEFAULT_MAX_MESSAGE_BYTES = 1024 * 1024;

  /** What a record, its trace's headers and a batch of one take beside, with room to spare. */
  private static final int RECORD_OVERHEAD_BYTES = 1024;

  private final Admin admin;

  private TopicSetup(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates what is absent, with the cluster's default replication.
   *
   * @param partitions of each new topic; the most workers that can share a tier
   */
  public static void ensure(KafkaSettings settings, List<String> names, int partitions)
      throws InterruptedException {
    ensure(settings, names.stream().map(name -> newTopic(name, partitions, Map.of())).toList());
  }

  /** Creates the topic that remembers replays, if it is absent. */
  public static void ensureReplays(KafkaSettings settings, Topics topics)
      throws InterruptedException {
    ensure(
        settings,
        List.of(
            newTopic(
                topics.replays(),
                1,
                Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT))));
  }

  /**
   * Creates the ledger's topic, if it is absent: the newest sums of a window replace the ones
   * before, and go after a while.
   */
  public static void ensureLedger(
      KafkaSettings settings, Topics topics, int partitions, Duration retention)
      throws InterruptedException {
    ensure(
        settings,
        List.of(
            newTopic(
                topics.ledger(),
                partitions,
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(retention.toMillis())))));
  }

  /**
   * Bytes of key and value that every topic of tasks takes in one record, and that clients send.
   */
  public static int largestRecord(KafkaSettings settings, Topics topics)
      throws InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      return Math.min(settings.maxRequestBytes(), new TopicSetup(admin).maxMessageBytes(topics))
          - RECORD_OVERHEAD_BYTES;
    }
  }

  /** Deletes topics that exist. */
  public static void delete(KafkaSettings settings, List<String> names)
      throws InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      for (Map.Entry<String, KafkaFuture<Void>> deleted :
          admin.deleteTopics(names).topicNameValues().entrySet()) {
        try {
          deleted.getValue().get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw new KafkaException(
                "cannot delete the topic %s: %s"
                    .formatted(deleted.getKey(), e.getCause().getMessage()),
                e.getCause());
          }
        }
      }
    }
  }

  private int maxMessageBytes(Topics topics) throws InterruptedException {
    List<ConfigResource> tasks =
        Stream.of(Tier.values())
            .map(tier -> new ConfigResource(ConfigResource.Type.TOPIC, topics.tasks(tier)))
            .toList();
    try {
      return admin.describeConfigs(tasks).all().get().values().stream()
          .map(config -> config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value())
          .mapToInt(Integer::parseInt)
          .min()
          .orElseThrow();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        LOG.info(
            "not allowed to read the configuration of topics; assuming Kafka's default size: {}",
            e.getMessage());
        return DEFAULT_MAX_MESSAGE_BYTES;
      }
      throw new KafkaException(
          "cannot read the configuration of the topics of tasks: " + e.getCause().getMessage(),
          e.getCause());
    }
  }

  private static void ensure(KafkaSettings settings, List<NewTopic> topics)
      throws InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      new TopicSetup(admin).ensure(topics);
    }
  }

  private void ensure(List<NewTopic> topics) throws InterruptedException {
    try {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> absent =
          topics.stream().filter(topic -> !existing.contains(topic.name())).toList();
      for (Map.Entry<String, KafkaFuture<Void>> created :
          admin.createTopics(absent).values().entrySet()) {
        await(created.getKey(), created.getValue());
      }
    } catch (ExecutionException e) {
      throw new KafkaException(
          "cannot list the topics %s: %s"
              .formatted(
                  topics.stream().map(NewTopic::name).collect(Collectors.joining(", ")),
                  e.getCause().getMessage()),
          e.getCause());
    }
  }

  private static void await(String name, KafkaFuture<Void> created) throws InterruptedException {
    try {
      created.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        throw new KafkaException(
            "the topic %s does not exist, or may not be seen, and may not be created by this principal"
                .formatted(name),
            e.getCause());
      }
      // another process that started at the same time was faster
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException(
            "cannot create the topic %s: %s".formatted(name, e.getCause().getMessage()),
            e.getCause());
      }
    }
  }

  private static NewTopic newTopic(String name, int partitions, Map<String, String> more) {
    Map<String, String> configs = new HashMap<>(more);
    configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(configs);
  }
}
