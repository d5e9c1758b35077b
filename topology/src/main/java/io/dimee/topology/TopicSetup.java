package io.dimee.topology;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are absent; those that exist are left as they are. */
public final class TopicSetup {
  /** Room for the hidden state of 512 tokens in fp32, 768 KiB, and for long texts. */
  public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  private final Admin admin;

  private TopicSetup(Admin admin) {
    this.admin = admin;
  }

  /**
   * Creates what is absent, with the cluster's default replication.
   *
   * @param partitions of each new topic; the most workers that can share a tier
   */
  public static void ensure(KafkaSettings settings, Topics topics, int partitions)
      throws InterruptedException {
    ensure(
        settings, topics.all().stream().map(name -> newTopic(name, partitions, Map.of())).toList());
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
