package io.dimee.k8s.manifests;

import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The rules of a user's manifest as Kafka has them. */
final class UserAcls {
  private UserAcls() {}

  static Set<AclBinding> of(KafkaUser user) {
    String principal = "User:" + user.getMetadata().getName();
    return ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization())
        .getAcls().stream().flatMap(rule -> bindings(rule, principal)).collect(Collectors.toSet());
  }

  private static Stream<AclBinding> bindings(AclRule rule, String principal) {
    ResourcePattern pattern = pattern(rule.getResource());
    return rule.getOperations().stream()
        .map(
            operation ->
                new AclBinding(
                    pattern,
                    new AccessControlEntry(
                        principal,
                        rule.getHost(),
                        AclOperation.fromString(
                            operation.toValue().replaceAll("(?<=[a-z])(?=[A-Z])", "_")),
                        AclPermissionType.fromString(
                            rule.getType().toValue().toUpperCase(Locale.ROOT)))));
  }

  private static ResourcePattern pattern(AclRuleResource resource) {
    if (resource instanceof AclRuleTopicResource topic) {
      return pattern(ResourceType.TOPIC, topic.getName(), topic.getPatternType());
    }
    if (resource instanceof AclRuleGroupResource group) {
      return pattern(ResourceType.GROUP, group.getName(), group.getPatternType());
    }
    if (resource instanceof AclRuleTransactionalIdResource id) {
      return pattern(ResourceType.TRANSACTIONAL_ID, id.getName(), id.getPatternType());
    }
    throw new IllegalArgumentException(resource.getType());
  }

  private static ResourcePattern pattern(
      ResourceType type, String name, AclResourcePatternType kind) {
    return new ResourcePattern(
        type,
        name,
        kind == AclResourcePatternType.PREFIX ? PatternType.PREFIXED : PatternType.LITERAL);
  }
}
