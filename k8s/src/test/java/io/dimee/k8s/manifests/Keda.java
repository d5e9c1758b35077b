package io.dimee.k8s.manifests;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.util.List;
import java.util.Map;

/**
 * KEDA's kinds in version v1alpha1, as far as the manifests use them. No artifact has them for
 * Java; the fields are those of KEDA's own definitions, and any other is refused.
 */
public final class Keda {
  private Keda() {}

  /** A workload that scales. */
  public record ScaledObject(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) ObjectMeta metadata,
      @JsonProperty(required = true) ScaledObjectSpec spec) {}

  /** How it does. */
  public record ScaledObjectSpec(
      @JsonProperty(required = true) ScaleTarget scaleTargetRef,
      Integer minReplicaCount,
      Integer maxReplicaCount,
      Integer idleReplicaCount,
      Integer pollingInterval,
      Integer cooldownPeriod,
      Integer initialCooldownPeriod,
      Fallback fallback,
      Advanced advanced,
      @JsonProperty(required = true) List<Trigger> triggers) {}

  /** What scales; a Deployment unless it says otherwise. */
  public record ScaleTarget(
      @JsonProperty(required = true) String name,
      String apiVersion,
      String kind,
      String envSourceContainerName) {}

  /** What holds while a trigger cannot be read. */
  public record Fallback(
      @JsonProperty(required = true) int failureThreshold,
      @JsonProperty(required = true) int replicas,
      String behavior) {}

  /** What is handed on to the HorizontalPodAutoscaler. */
  public record Advanced(
      Boolean restoreToOriginalReplicaCount, AutoscalerConfig horizontalPodAutoscalerConfig) {}

  /** The behavior, which has Kubernetes' own type. */
  public record AutoscalerConfig(String name, HorizontalPodAutoscalerBehavior behavior) {}

  /** One reason to scale. */
  public record Trigger(
      @JsonProperty(required = true) String type,
      String name,
      String metricType,
      Boolean useCachedMetrics,
      @JsonProperty(required = true) Map<String, String> metadata,
      AuthenticationRef authenticationRef) {}

  /** Who a trigger is. */
  public record AuthenticationRef(@JsonProperty(required = true) String name, String kind) {}

  /** The metadata of a trigger of type kafka. */
  public record KafkaTrigger(
      @JsonProperty(required = true) String bootstrapServers,
      @JsonProperty(required = true) String consumerGroup,
      @JsonProperty(required = true) String topic,
      @JsonProperty(required = true) int lagThreshold,
      int activationLagThreshold,
      String offsetResetPolicy,
      boolean allowIdleConsumers,
      boolean scaleToZeroOnInvalidOffset,
      boolean excludePersistentLag,
      boolean limitToPartitionsWithLag,
      boolean ensureEvenDistributionOfPartitions,
      String partitionLimitation,
      String version) {}

  /** The metadata of a trigger of type cpu. */
  public record CpuTrigger(@JsonProperty(required = true) int value, String containerName) {}

  /** Where parameters of a trigger come from. */
  public record TriggerAuthentication(
      @JsonProperty(required = true) String apiVersion,
      @JsonProperty(required = true) String kind,
      @JsonProperty(required = true) ObjectMeta metadata,
      @JsonProperty(required = true) TriggerAuthenticationSpec spec) {}

  /** Which come from where. */
  public record TriggerAuthenticationSpec(
      List<Parameter> secretTargetRef, List<Parameter> configMapTargetRef) {}

  /** One of them. */
  public record Parameter(
      @JsonProperty(required = true) String parameter,
      @JsonProperty(required = true) String name,
      @JsonProperty(required = true) String key) {}
}
