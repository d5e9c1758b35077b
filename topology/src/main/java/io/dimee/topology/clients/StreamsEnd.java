package io.dimee.topology.clients;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what ends a Kafka Streams application, and tells whoever owns it. */
final class StreamsEnd implements StreamsUncaughtExceptionHandler, KafkaStreams.StateListener {
  private static final Logger LOG = LoggerFactory.getLogger(StreamsEnd.class);

  private final String applicationId;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  StreamsEnd(String applicationId) {
    this.applicationId = applicationId;
  }

  /** Completes when the application has ended; exceptionally when it failed. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable e) {
    if (isOfALostTransaction(e)) {
      LOG.warn("{}: its transaction had ended, as after a long pause; continuing", applicationId);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    // Bad records never get here: what does is a broken cluster or a defect, and no retry mends it.
    ended.completeExceptionally(e);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /**
   * Brokers end the transaction of a process that is silent for too long. Kafka Streams takes what
   * it then hears for a defect (seen with Kafka 4.3.1), but a new thread begins where the last
   * commit was.
   */
  private static boolean isOfALostTransaction(Throwable e) {
    return e.getCause() instanceof InvalidTxnStateException;
  }

  @Override
  public void onChange(KafkaStreams.State now, KafkaStreams.State before) {
    if (now == KafkaStreams.State.NOT_RUNNING) {
      ended.complete(null);
    } else if (now == KafkaStreams.State.PENDING_ERROR || now == KafkaStreams.State.ERROR) {
      // an exception has been handled before; without one it is not known why
      ended.completeExceptionally(
          new StreamsException(
              "%s: Kafka Streams has given up without an exception, as when another instance asks all to stop; the log may say why"
                  .formatted(applicationId)));
    }
  }
}
