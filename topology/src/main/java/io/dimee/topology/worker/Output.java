package io.dimee.topology.worker;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What one consumed record became. Its span says what readers of committed records see: it ends
 * well only when the outcome is committed.
 *
 * @param source the record that was consumed
 * @param record the prediction, the task for the next tier, or the dead letter; it carries the
 *     span's context
 * @param span what was done, not ended yet
 */
public record Output(
    ConsumerRecord<byte[], byte[]> source, ProducerRecord<byte[], byte[]> record, Span span) {
  void committed() {
    span.end();
  }

  /** Says that the outcome is nobody's to see, unless it is committed. */
  void abandoned() {
    end("not committed");
  }

  /** Says that whether the outcome can be seen is not known, unless it is committed. */
  void unknown() {
    end("commit unknown");
  }

  private void end(String status) {
    if (span.isRecording()) {
      span.setStatus(StatusCode.ERROR, status);
      span.end();
    }
  }
}
