package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.topology.cluster.Acls;
import io.dimee.topology.cluster.Role;
import io.dimee.topology.cluster.Topics;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AclsTest {
  @ParameterizedTest
  @EnumSource
  void shouldAllowAUserWhatItsRoleNeedsAndNothingElse(Role role) {
    String name = "dimee-" + role.name().toLowerCase(Locale.ROOT);
    KafkaUser user =
        Manifests.of(Overlay.DEV).all(KafkaUser.class).stream()
            .filter(any -> any.getMetadata().getName().equals(name))
            .findFirst()
            .orElseThrow();

    assertThat(UserAcls.of(user))
        .containsExactlyInAnyOrderElementsOf(
            Set.copyOf(new Acls(new Topics(Topics.DEFAULT_PREFIX)).of(role, "User:" + name)));
  }
}
