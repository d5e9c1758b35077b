package io.dimee.node.operations;

import io.dimee.node.stages.Health;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Predicate;

/** What the health checks answer, as metrics: probes keep no history, and alarm nobody. */
final class HealthMeter {
  private final MultiGauge live;
  private final MultiGauge ready;

  HealthMeter(MeterRegistry registry) {
    this.live =
        MultiGauge.builder("dimee.part.live")
            .description("1 while the part is live")
            .register(registry);
    this.ready =
        MultiGauge.builder("dimee.part.ready")
            .description("1 while the part has joined its group")
            .register(registry);
  }

  void update(List<Health> parts) {
    live.register(rows(parts, Health::live), true);
    ready.register(rows(parts, Health::ready), true);
  }

  private static List<MultiGauge.Row<?>> rows(List<Health> parts, Predicate<Health> good) {
    return parts.stream()
        .<MultiGauge.Row<?>>map(
            part -> MultiGauge.Row.of(Tags.of("part", part.part()), good.test(part) ? 1 : 0))
        .toList();
  }
}
