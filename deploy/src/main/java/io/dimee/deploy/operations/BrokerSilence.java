package io.dimee.deploy.operations;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells when brokers have stopped answering this process. Kafka's clients reconnect without end and
 * without an error, so a running service would say nothing.
 *
 * <p>A group's consumer hears from a broker several times in the time allowed: its fetches return
 * after half a second, its heartbeats after three. So it is enough to see whether bytes still come
 * in. A probe with a connection of its own would leave failed handshakes in the log of every broker
 * that wants a client's certificate, and the number of connections counts attempts too.
 */
public final class BrokerSilence {
  private static final Duration ALLOWED = Duration.ofSeconds(5);
  private static final String RECEIVED = "kafka.consumer.incoming.byte.total";

  private final MeterRegistry registry;
  private final String servers;
  private final LongSupplier nanoTime;
  private double received;
  private long heardAt;

  /**
   * Begins to listen.
   *
   * @param registry has the metrics of the process's consumers
   * @param servers addresses of the cluster, for the message
   * @param nanoTime as {@link System#nanoTime}
   */
  public BrokerSilence(MeterRegistry registry, String servers, LongSupplier nanoTime) {
    this.registry = registry;
    this.servers = servers;
    this.nanoTime = nanoTime;
    this.heardAt = nanoTime.getAsLong();
  }

  /** What is wrong, or nothing while brokers answer; to be asked about once a second. */
  public Optional<String> failure() {
    double now = bytesReceived();
    if (now > received) {
      heardAt = nanoTime.getAsLong();
    }
    // less, where a consumer has taken another's place
    received = now;
    Duration silent = Duration.ofNanos(nanoTime.getAsLong() - heardAt);
    return silent.compareTo(ALLOWED) < 0
        ? Optional.empty()
        : Optional.of(
            "no broker of %s has answered for %d s".formatted(servers, silent.toSeconds()));
  }

  private double bytesReceived() {
    double sum = 0;
    for (Meter meter : registry.find(RECEIVED).meters()) {
      for (Measurement measurement : meter.measure()) {
        sum += measurement.getValue();
      }
    }
    return sum;
  }
}
