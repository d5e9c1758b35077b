package io.dimee.node.dashboard;

import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much waits for the router and for each tier, looked at every other second, and for how long,
 * once a minute: what waits for longer than its topic keeps it is lost. The latter is a metric,
 * since a part that has no process cannot tell itself.
 */
final class Lags implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lags.class);
  private static final long INTERVAL_MS = 2_000;
  private static final long AGE_INTERVAL_MS = 60_000;

  private final Map<String, GroupLag> groups = new LinkedHashMap<>();
  private final Map<String, Long> lags = new ConcurrentHashMap<>();
  private final Map<String, Duration> ages = new ConcurrentHashMap<>();
  private final String router;
  private final Topics topics;
  private final Clock clock;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "dimee-dashboard-lags"));

  /** Connects; nothing is read before {@link #start}. */
  Lags(KafkaSettings settings, Topics topics, MeterRegistry registry, Clock clock) {
    this.topics = topics;
    this.clock = clock;
    this.router = topics.router();
    groups.put(router, new GroupLag(settings, topics.events(), router));
    show(registry, "router", router);
    for (Tier tier : Tier.values()) {
      groups.put(topics.group(tier), GroupLag.of(settings, topics, tier));
      show(registry, EnumNames.lower(tier), topics.group(tier));
    }
  }

  private void show(MeterRegistry registry, String part, String group) {
    TimeGauge.builder(
            "dimee.lag.age",
            ages,
            TimeUnit.SECONDS,
            all -> all.containsKey(group) ? (double) all.get(group).toSeconds() : Double.NaN)
        .description("Age of the oldest waiting record, at least")
        .tag("tier", part)
        .register(registry);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // they catch all that can be thrown
  void start() {
    watch.scheduleWithFixedDelay(
        () -> groups.forEach(this::look), 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
    watch.scheduleWithFixedDelay(
        () -> groups.forEach(this::lookAtAge), 0, AGE_INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void look(String name, GroupLag group) {
    look(name, lags, group::read);
  }

  private void lookAtAge(String name, GroupLag group) {
    look(name, ages, () -> group.age(clock.instant()));
  }

  private static <T> void look(String name, Map<String, T> seen, Callable<T> ask) {
    try {
      seen.put(name, ask.call());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // not allowed, or nobody there: an unknown lag is shown as such
      seen.remove(name);
      LOG.info("dashboard: cannot read the lag of {}: {}", name, e.toString());
    }
  }

  /** Events that wait for the router; empty when it is not known. */
  OptionalLong ofRouter() {
    return of(router);
  }

  /** Tasks that wait for a tier; empty when it is not known. */
  OptionalLong of(Tier tier) {
    return of(topics.group(tier));
  }

  private OptionalLong of(String group) {
    Long lag = lags.get(group);
    return lag == null ? OptionalLong.empty() : OptionalLong.of(lag);
  }

  @Override
  public void close() {
    watch.shutdownNow();
    groups.values().forEach(GroupLag::close);
  }
}
