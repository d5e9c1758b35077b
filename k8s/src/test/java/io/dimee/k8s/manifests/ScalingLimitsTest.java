package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dimee.inference.bundle.Tier;
import io.dimee.topology.cluster.Topics;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalingLimitsTest {
  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

  private static Tier tier(String deployment) {
    return Tier.valueOf(deployment.replace("dimee-", "").toUpperCase(Locale.ROOT));
  }

  /** Workers that a topic has work for, in pods. */
  private static int mostPods(Manifests manifests, Tier tier) {
    Container container = container(manifests, tier);
    int threads = Integer.parseInt(Workload.argument(container, "--threads"));
    return partitions(manifests, TOPICS.tasks(tier)) / threads;
  }

  private static Container container(Manifests manifests, Tier tier) {
    return deployment(manifests, tier).getSpec().getTemplate().getSpec().getContainers().get(0);
  }

  private static Deployment deployment(Manifests manifests, Tier tier) {
    return manifests.all(Deployment.class).stream()
        .filter(
            any ->
                any.getMetadata().getName().equals("dimee-" + tier.name().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow();
  }

  private static int partitions(Manifests manifests, String topic) {
    return manifests.all(KafkaTopic.class).stream()
        .filter(any -> any.getSpec().getTopicName().equals(topic))
        .findFirst()
        .orElseThrow()
        .getSpec()
        .getPartitions();
  }

  private static Keda.KafkaTrigger lag(Keda.ScaledObject scaled) throws IOException {
    return new Yaml()
        .as(
            JsonMapper.builder().build().valueToTree(trigger(scaled, "kafka").metadata()),
            Keda.KafkaTrigger.class);
  }

  private static Keda.Trigger trigger(Keda.ScaledObject scaled, String type) {
    return scaled.spec().triggers().stream()
        .filter(trigger -> trigger.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @EnumSource
  void shouldScaleEdgeAndCloudToAsManyPodsAsPartitionsGiveWorkTo(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    List<Keda.ScaledObject> byLag = manifests.all(Keda.ScaledObject.class);
    List<HorizontalPodAutoscaler> byUse = manifests.all(HorizontalPodAutoscaler.class);

    assertThat(
            Stream.concat(
                byLag.stream().map(any -> any.spec().scaleTargetRef().name()),
                byUse.stream().map(any -> any.getSpec().getScaleTargetRef().getName())))
        .containsExactlyInAnyOrder("dimee-edge", "dimee-cloud");
    assertThat(byLag)
        .allSatisfy(
            any ->
                assertThat(any.spec().maxReplicaCount())
                    .isEqualTo(mostPods(manifests, tier(any.spec().scaleTargetRef().name()))));
    assertThat(byUse)
        .allSatisfy(
            any ->
                assertThat(any.getSpec().getMaxReplicas())
                    .isEqualTo(
                        mostPods(manifests, tier(any.getSpec().getScaleTargetRef().getName()))));
  }

  @ParameterizedTest
  @EnumSource
  void shouldLeaveTheReplicasOfWhatScalesToItsScaler(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);

    assertThat(deployment(manifests, Tier.EDGE).getSpec().getReplicas()).isNull();
    assertThat(deployment(manifests, Tier.CLOUD).getSpec().getReplicas()).isNull();
    assertThat(deployment(manifests, Tier.MOBILE).getSpec().getReplicas())
        .isBetween(1, partitions(manifests, TOPICS.easy()));
  }

  @ParameterizedTest
  @EnumSource(names = {"DEV", "PRODUCTION"})
  void shouldWatchTheLagOfTheTiersOwnGroup(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    for (Keda.ScaledObject scaled : manifests.all(Keda.ScaledObject.class)) {
      Tier tier = tier(scaled.spec().scaleTargetRef().name());
      Keda.KafkaTrigger lag = lag(scaled);

      assertThat(lag.topic()).isEqualTo(TOPICS.tasks(tier));
      assertThat(lag.consumerGroup()).isEqualTo(TOPICS.group(tier));
      assertThat(lag.allowIdleConsumers()).isFalse();
    }
  }

  /** A service's name alone is looked up in the namespace of who asks: KEDA's. */
  @ParameterizedTest
  @EnumSource(names = {"DEV", "PRODUCTION"})
  void shouldTellTheScalerTheNamespaceOfTheBrokers(Overlay overlay) throws IOException {
    Manifests manifests = Manifests.of(overlay);
    List<Keda.ScaledObject> all = manifests.all(Keda.ScaledObject.class);

    assertThat(all).isNotEmpty();
    for (Keda.ScaledObject scaled : all) {
      String namespace = scaled.metadata().getNamespace();
      assertThat(namespace).isNotBlank();
      assertThat(scaled.spec().triggers())
          .filteredOn(trigger -> trigger.type().equals("kafka"))
          .isNotEmpty()
          .allSatisfy(
              trigger ->
                  assertThat(trigger.metadata().get("bootstrapServers"))
                      .isEqualTo(
                          bootstrapServers(manifests).replace(":", "." + namespace + ".svc:")));
    }
  }

  private static String bootstrapServers(Manifests manifests) throws IOException {
    Properties options = new Properties();
    options.load(
        new StringReader(
            manifests.all(ConfigMap.class).stream()
                .map(map -> map.getData().get("dimee.properties"))
                .filter(text -> text != null)
                .findFirst()
                .orElseThrow()));
    return options.getProperty("bootstrap-servers");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEV", "PRODUCTION"})
  void shouldGiveTheScalerAUserThatExistsAndWhatItsTriggerAsksFor(Overlay overlay) {
    Manifests manifests = Manifests.of(overlay);
    Keda.TriggerAuthentication authentication =
        manifests.all(Keda.TriggerAuthentication.class).get(0);

    assertThat(
            Stream.concat(
                    authentication.spec().secretTargetRef().stream(),
                    authentication.spec().configMapTargetRef().stream())
                .map(Keda.Parameter::parameter))
        .containsExactlyInAnyOrder("username", "password", "sasl", "tls", "ca");
    String secret = authentication.spec().secretTargetRef().get(0).name();
    assertThat(manifests.all(KafkaUser.class).stream().map(any -> any.getMetadata().getName()))
        .contains(secret);
    assertThat(manifests.all(ConfigMap.class))
        .filteredOn(
            map ->
                map.getMetadata()
                    .getName()
                    .equals(authentication.spec().configMapTargetRef().get(0).name()))
        .singleElement()
        .satisfies(map -> assertThat(map.getData()).containsEntry("username", secret));
    assertThat(manifests.all(Keda.ScaledObject.class))
        .allSatisfy(
            scaled ->
                assertThat(trigger(scaled, "kafka").authenticationRef().name())
                    .isEqualTo(authentication.metadata().getName()));
  }

  @Test
  void shouldScaleByTheSameBehaviorWithAndWithoutKeda() {
    assertThat(
            Manifests.of(Overlay.PRODUCTION).all(Keda.ScaledObject.class).stream()
                .map(any -> any.spec().advanced().horizontalPodAutoscalerConfig().behavior()))
        .containsExactlyElementsOf(
            Manifests.of(Overlay.PRODUCTION_HPA).all(HorizontalPodAutoscaler.class).stream()
                .map(any -> any.getSpec().getBehavior())
                .toList());
  }
}
