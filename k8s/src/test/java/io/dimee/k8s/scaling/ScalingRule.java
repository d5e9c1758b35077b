package io.dimee.k8s.scaling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dimee.k8s.manifests.Keda;
import io.dimee.k8s.manifests.Yaml;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingPolicy;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HPAScalingRules;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a ScaledObject with a trigger of lag, and perhaps one of CPU, tells the autoscaler.
 *
 * @param lagThreshold records that one pod may have waiting
 * @param cpuPercent use of the request at which pods are enough, or null when it does not count
 */
record ScalingRule(
    int least, int most, int lagThreshold, Integer cpuPercent, Direction up, Direction down) {

  /** How fast it may go in one direction. */
  record Direction(int stabilizationSeconds, List<Policy> policies) {}

  /** Pods, or percent of the pods, that may come or go within a time. */
  record Policy(boolean percent, int value, int periodSeconds) {}

  static ScalingRule of(Keda.ScaledObject scaled) throws IOException {
    Yaml yaml = new Yaml();
    Keda.KafkaTrigger lag = null;
    Integer cpu = null;
    for (Keda.Trigger trigger : scaled.spec().triggers()) {
      switch (trigger.type()) {
        case "kafka" -> lag = yaml.as(tree(trigger.metadata()), Keda.KafkaTrigger.class);
        case "cpu" -> cpu = yaml.as(tree(trigger.metadata()), Keda.CpuTrigger.class).value();
        default -> throw new IllegalArgumentException(trigger.type());
      }
    }
    HorizontalPodAutoscalerBehavior behavior =
        scaled.spec().advanced().horizontalPodAutoscalerConfig().behavior();
    return new ScalingRule(
        scaled.spec().minReplicaCount(),
        scaled.spec().maxReplicaCount(),
        lag.lagThreshold(),
        cpu,
        direction(behavior.getScaleUp()),
        direction(behavior.getScaleDown()));
  }

  private static JsonNode tree(Map<String, String> metadata) {
    return JsonMapper.builder().build().valueToTree(metadata);
  }

  private static Direction direction(HPAScalingRules rules) {
    if (!"Max".equals(rules.getSelectPolicy())) {
      throw new IllegalArgumentException(rules.getSelectPolicy());
    }
    return new Direction(
        rules.getStabilizationWindowSeconds(),
        rules.getPolicies().stream().map(ScalingRule::policy).toList());
  }

  private static Policy policy(HPAScalingPolicy policy) {
    return new Policy(
        policy.getType().equals("Percent"), policy.getValue(), policy.getPeriodSeconds());
  }

  ScalingRule byLagAlone() {
    return new ScalingRule(least, most, lagThreshold, null, up, down);
  }
}
