package io.dimee.topology;

import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** The router as a running Kafka Streams application. */
public final class RouterApp implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final KafkaStreams streams;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** Creates the application; nothing is read before {@link #start}. */
  public RouterApp(Topology topology, Properties properties) {
    this.streams = new KafkaStreams(topology, properties);
    streams.setUncaughtExceptionHandler(
        e -> {
          // Bad records never get here: what does is a broken cluster or a defect, and no retry
          // mends it.
          ended.completeExceptionally(e);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.NOT_RUNNING) {
            ended.complete(null);
          }
        });
  }

  /** Starts routing. */
  public void start() {
    streams.start();
  }

  /** Completes when the application has ended; exceptionally when it could not go on. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    streams.close(CLOSE_TIMEOUT);
  }
}
