package io.dimee.topology.worker;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Hands outcomes to a producer, once, and keeps those that are refused. */
final class OutcomeSend {
  private final Queue<WriteFailure.Refusal> refused = new ConcurrentLinkedQueue<>();

  /** Told of each outcome that is written. */
  @FunctionalInterface
  interface Listener {
    void written(Output output);
  }

  /**
   * Sends until one is refused. The rest would be in vain, and where a topic is missing each record
   * waits for it again.
   *
   * @param oneByOne whether each waits until the one before is written
   * @throws KafkaException when one was refused
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees every failure
  void send(
      Producer<byte[], byte[]> producer,
      List<Output> outputs,
      boolean oneByOne,
      Listener listener) {
    for (Output output : outputs) {
      producer.send(
          output.record(),
          (metadata, e) -> {
            if (e == null) {
              listener.written(output);
            } else {
              refused.add(new WriteFailure.Refusal(output.source(), e));
            }
          });
      if (oneByOne) {
        producer.flush();
      }
      throwIfRefused();
    }
  }

  /** Throws the first refusal so far, if there is one. */
  void throwIfRefused() {
    if (!refused.isEmpty()) {
      Exception cause = refused.peek().cause();
      throw new KafkaException("an outcome was not written: " + cause.getMessage(), cause);
    }
  }

  /** What the refusals so far and an exception mean, when nothing is committed for certain. */
  WriteFailure failure(KafkaException cause) {
    return WriteFailure.of(cause, List.copyOf(refused));
  }
}
