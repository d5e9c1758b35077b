package io.dimee.topology;

import io.dimee.inference.Tier;
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
 * What a tier's principal must be allowed, and no more: to read its tasks, to write what comes of
 * them, and to commit both in one transaction. Creating topics is not among it.
 */
public final class TierAcls {
  private final Topics topics;

  /** Creates the rules for a pipeline. */
  public TierAcls(Topics topics) {
    this.topics = topics;
  }

  /**
   * Rules of one tier; the mobile tier's include the router's.
   *
   * @param principal as Kafka writes it, for instance User:edge
   */
  public List<AclBinding> of(Tier tier, String principal) {
    List<AclBinding> rules = new ArrayList<>();
    worker(rules, principal, topics.tasks(tier), topics.group(tier));
    if (tier == Tier.MOBILE) {
      worker(rules, principal, topics.events(), topics.router());
      for (Tier other : Tier.values()) {
        // how large a task may be
        rules.add(
            rule(
                principal, ResourceType.TOPIC, topics.tasks(other), AclOperation.DESCRIBE_CONFIGS));
      }
      // how far behind the edge is
      rules.add(
          rule(principal, ResourceType.GROUP, topics.group(Tier.EDGE), AclOperation.DESCRIBE));
    }
    for (String written : topics.writtenBy(tier).keySet()) {
      rules.add(rule(principal, ResourceType.TOPIC, written, AclOperation.WRITE));
    }
    return rules;
  }

  /** Reads a topic as a group, whose name its transactional ids begin with. */
  private static void worker(List<AclBinding> rules, String principal, String topic, String group) {
    rules.add(rule(principal, ResourceType.TOPIC, topic, AclOperation.READ));
    rules.add(rule(principal, ResourceType.GROUP, group, AclOperation.READ));
    rules.add(
        binding(
            principal,
            new ResourcePattern(ResourceType.TRANSACTIONAL_ID, group + "-", PatternType.PREFIXED),
            AclOperation.WRITE));
  }

  private static AclBinding rule(
      String principal, ResourceType type, String name, AclOperation operation) {
    return binding(principal, new ResourcePattern(type, name, PatternType.LITERAL), operation);
  }

  private static AclBinding binding(
      String principal, ResourcePattern resource, AclOperation operation) {
    return new AclBinding(
        resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }
}
