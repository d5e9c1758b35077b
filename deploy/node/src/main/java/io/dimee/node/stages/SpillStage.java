package io.dimee.node.stages;

import io.dimee.inference.bundle.Tier;
import io.dimee.topology.cluster.GroupLag;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.SpillSwitch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches the edge tier's lag, and turns a switch by it. */
public final class SpillStage implements Stage {
  private static final Logger LOG = LoggerFactory.getLogger(SpillStage.class);
  private static final long INTERVAL_MS = 1_000;

  private final SpillSwitch spill;
  private final Lag lag;
  private final AtomicLong waiting = new AtomicLong();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "dimee-spill"));
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Connects to the cluster; nothing is read before {@link #start}. */
  public SpillStage(
      KafkaSettings settings, Topics topics, SpillSwitch spill, MeterRegistry registry) {
    this(new EdgeLag(GroupLag.of(settings, topics, Tier.EDGE)), spill, registry);
  }

  SpillStage(Lag lag, SpillSwitch spill, MeterRegistry registry) {
    this.lag = lag;
    this.spill = spill;
    Gauge.builder("dimee.spill.active", spill, on -> on.isOn() ? 1 : 0)
        .description("1 while the edge's tasks are sent to the cloud")
        .register(registry);
    Gauge.builder("dimee.spill.lag", waiting, AtomicLong::get)
        .description("Records waiting for the edge tier, as last seen")
        .register(registry);
  }

  /** What is watched. */
  interface Lag {
    /** Records that wait. */
    long read() throws InterruptedException;

    /** Reads no more. */
    void close();
  }

  private record EdgeLag(GroupLag group) implements Lag {
    @Override
    public long read() throws InterruptedException {
      return group.read();
    }

    @Override
    public void close() {
      group.close();
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // look catches all that can be thrown
  public void start() {
    watch.scheduleWithFixedDelay(this::look, 0, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      waiting.set(lag.read());
      if (!spill.observe(waiting.get())) {
        return;
      }
      if (spill.isOn()) {
        LOG.warn("edge is {} records behind: its tasks go to the cloud", waiting);
      } else {
        LOG.warn(
            "edge has caught up: its tasks go there again; {} went to the cloud so far",
            spill.spilled());
      }
    } catch (AuthorizationException e) {
      fail(new KafkaException("spill-after needs to read the edge group's offsets", e));
    } catch (KafkaException e) {
      // while no broker answers nothing is routed either: the switch stays as it is
      LOG.info("cannot read the edge's lag: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // what is thrown here would end the schedule, and nobody would hear of it
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    ended.completeExceptionally(cause);
    watch.shutdown();
  }

  @Override
  public Health health() {
    return new Health("spill", !ended.isDone(), true);
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    // a look that a close disturbs is no failure
    ended.complete(null);
    watch.shutdownNow();
    lag.close();
  }
}
