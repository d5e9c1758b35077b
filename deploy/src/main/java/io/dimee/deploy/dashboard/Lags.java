package io.dimee.deploy.dashboard;

import io.dimee.inference.Tier;
import io.dimee.topology.GroupLag;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much waits for the router and for each tier, looked at every other second. */
final class Lags implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lags.class);
  private static final long INTERVAL_MS = 2_000;

  private final Map<String, GroupLag> groups = new LinkedHashMap<>();
  private final Map<String, Long> lags = new ConcurrentHashMap<>();
  private final String router;
  private final Topics topics;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "dimee-dashboard-lags"));

  /** Connects; nothing is read before {@link #start}. */
  Lags(KafkaSettings settings, Topics topics) {
    this.topics = topics;
    this.router = topics.router();
    groups.put(router, new GroupLag(settings, topics.events(), router));
    for (Tier tier : Tier.values()) {
      groups.put(topics.group(tier), GroupLag.of(settings, topics, tier));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // look catches all that can be thrown
  void start() {
    watch.scheduleWithFixedDelay(this::look, 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    groups.forEach(this::look);
  }

  private void look(String name, GroupLag group) {
    try {
      lags.put(name, group.read());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // not allowed, or nobody there: an unknown lag is shown as such
      lags.remove(name);
      LOG.info("dashboard: the lag of {} is not known: {}", name, e.toString());
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
