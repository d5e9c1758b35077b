package io.dimee.topology;

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
  private final int partitions;

  private TopicSetup(Admin admin, int partitions) {
    this.admin = admin;
    this.partitions = partitions;
  }

  /**
   * Creates what is absent, with the cluster's default replication.
   *
   * @param partitions of each new topic; the most workers that can share a tier
   */
  public static void ensure(KafkaSettings settings, Topics topics, int partitions)
      throws InterruptedException {
    try (Admin admin = Admin.create(settings.admin())) {
      new TopicSetup(admin, partitions).ensure(topics);
    }
  }

  private void ensure(Topics topics) throws InterruptedException {
    try {
      Set<String> existing = admin.listTopics().names().get();
      List<NewTopic> absent =
          topics.all().stream()
              .filter(name -> !existing.contains(name))
              .map(this::newTopic)
              .toList();
      for (Map.Entry<String, KafkaFuture<Void>> created :
          admin.createTopics(absent).values().entrySet()) {
        await(created.getKey(), created.getValue());
      }
    } catch (ExecutionException e) {
      throw new KafkaException(
          "cannot list the topics %s: %s"
              .formatted(
                  topics.all().stream().collect(Collectors.joining(", ")),
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

  private NewTopic newTopic(String name) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES)));
  }
}
