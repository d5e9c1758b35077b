package io.dimee.topology.cluster;

import io.dimee.inference.bundle.Tier;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a role's principal must be allowed, and no more. A tier reads its tasks, writes what comes
 * of them, and commits both in one transaction; it may read outcomes, to find its own. Creating the
 * pipeline's topics is in no role.
 */
public final class Acls {
  /** What Kafka Streams does with the topics that it makes for itself. */
  private static final List<AclOperation> OWN_TOPICS =
      List.of(
          AclOperation.CREATE,
          AclOperation.DELETE,
          AclOperation.DESCRIBE,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.READ,
          AclOperation.WRITE);

  private final Topics topics;

  /** Creates the rules for a pipeline. */
  public Acls(Topics topics) {
    this.topics = topics;
  }

  /**
   * Rules of one role.
   *
   * @param principal as Kafka writes it, for instance User:edge
   */
  public List<AclBinding> of(Role role, String principal) {
    Rules rules = new Rules(principal);
    switch (role) {
      case MOBILE -> {
        tier(rules, Tier.MOBILE);
        rules.worker(topics.events(), topics.router());
        for (Tier other : Tier.values()) {
          // how large a task may be
          rules.topic(topics.tasks(other), AclOperation.DESCRIBE_CONFIGS);
        }
        // how far behind the edge is
        rules.group(topics.group(Tier.EDGE), AclOperation.DESCRIBE);
      }
      case EDGE -> tier(rules, Tier.EDGE);
      case CLOUD -> tier(rules, Tier.CLOUD);
      case LEDGER -> ledger(rules);
      case DASHBOARD -> {
        rules.topic(topics.predictions(), AclOperation.READ);
        rules.topic(topics.deadLetters(), AclOperation.READ);
        lag(rules, topics.events(), topics.router());
        for (Tier tier : Tier.values()) {
          lag(rules, topics.tasks(tier), topics.group(tier));
        }
      }
      case CLIENT -> {
        rules.topic(topics.events(), AclOperation.WRITE);
        // a line that is no event becomes a dead letter where it is read
        rules.topic(topics.deadLetters(), AclOperation.WRITE);
        rules.topic(topics.deadLetters(), AclOperation.READ);
        rules.topic(topics.predictions(), AclOperation.READ);
        rules.prefixed(ResourceType.GROUP, topics.prefix() + "client", AclOperation.READ);
      }
      case ANALYST -> {
        rules.topic(topics.events(), AclOperation.READ);
        rules.topic(topics.predictions(), AclOperation.READ);
        rules.topic(topics.deadLetters(), AclOperation.READ);
        rules.topic(topics.ledger(), AclOperation.READ);
      }
      case SCALER -> {
        lag(rules, topics.tasks(Tier.EDGE), topics.group(Tier.EDGE));
        lag(rules, topics.tasks(Tier.CLOUD), topics.group(Tier.CLOUD));
      }
    }
    return rules.all;
  }

  private void tier(Rules rules, Tier tier) {
    rules.worker(topics.tasks(tier), topics.group(tier));
    for (String written : topics.writtenBy(tier).keySet()) {
      rules.topic(written, AclOperation.WRITE);
    }
    // whether it has worked before, when the offsets of its group are gone
    rules.topic(topics.predictions(), AclOperation.READ);
    rules.topic(topics.deadLetters(), AclOperation.READ);
  }

  private void ledger(Rules rules) {
    String group = topics.ledgerGroup();
    rules.worker(topics.predictions(), group);
    rules.topic(topics.ledger(), AclOperation.WRITE);
    // which events have no outcome; its topics and transactional ids begin with the group's name
    rules.topic(topics.events(), AclOperation.READ);
    rules.topic(topics.deadLetters(), AclOperation.READ);
    rules.group(topics.unansweredGroup(), AclOperation.READ);
    rules.prefixed(ResourceType.TRANSACTIONAL_ID, group + "-", AclOperation.DESCRIBE);
    for (AclOperation operation : OWN_TOPICS) {
      rules.prefixed(ResourceType.TOPIC, group + "-", operation);
    }
  }

  private static void lag(Rules rules, String topic, String group) {
    rules.topic(topic, AclOperation.DESCRIBE);
    rules.group(group, AclOperation.DESCRIBE);
  }

  /** Rules of one principal. */
  private record Rules(String principal, List<AclBinding> all) {
    Rules(String principal) {
      this(principal, new ArrayList<>());
    }

    /** Reads a topic as a group, whose name its transactional ids begin with. */
    void worker(String topic, String group) {
      topic(topic, AclOperation.READ);
      group(group, AclOperation.READ);
      prefixed(ResourceType.TRANSACTIONAL_ID, group + "-", AclOperation.WRITE);
    }

    void topic(String name, AclOperation operation) {
      add(new ResourcePattern(ResourceType.TOPIC, name, PatternType.LITERAL), operation);
    }

    void group(String name, AclOperation operation) {
      add(new ResourcePattern(ResourceType.GROUP, name, PatternType.LITERAL), operation);
    }

    void prefixed(ResourceType type, String prefix, AclOperation operation) {
      add(new ResourcePattern(type, prefix, PatternType.PREFIXED), operation);
    }

    private void add(ResourcePattern resource, AclOperation operation) {
      all.add(
          new AclBinding(
              resource,
              new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
    }
  }
}
