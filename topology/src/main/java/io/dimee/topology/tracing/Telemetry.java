package io.dimee.topology.tracing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;

/** Where a part's metrics and spans go. */
public record Telemetry(MeterRegistry meters, EventTracer tracer) {
  /** Nobody watches. */
  public static Telemetry off() {
    return new Telemetry(new CompositeMeterRegistry(), EventTracer.off());
  }
}
