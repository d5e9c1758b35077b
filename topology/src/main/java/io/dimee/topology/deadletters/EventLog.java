package io.dimee.topology.deadletters;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.InferenceTask;
import io.dimee.serdes.EnumNames;
import io.opentelemetry.api.trace.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Lines about single events, with the event's id and its trace as fields. They hold no text of an
 * event, nor messages that may quote it. As there may be as many of them as there are events, the
 * configuration of logging limits this logger's rate; what is left out stands in the dead-letter
 * topic and in metrics all the same.
 */
public final class EventLog {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private static final String EVENT_ID = "event.id";
  private static final String TRACE_ID = "trace.id";
  private static final String SPAN_ID = "span.id";

  private EventLog() {}

  /** A record became a dead letter. */
  public static void deadLetter(DeadLetter letter, Span span) {
    about(LOG.atInfo(), letter.getEventId(), span)
        .log(
            "{}: dead letter, {}: {}",
            EnumNames.lower(letter.getStage()),
            EnumNames.lower(letter.getReason()),
            place(letter));
  }

  /** Where the record lies; what never reached its topic has no place there. */
  private static String place(DeadLetter letter) {
    return letter.getOffset() < 0
        ? letter.getTopic()
        : "%s-%d@%d".formatted(letter.getTopic(), letter.getPartition(), letter.getOffset());
  }

  /**
   * A task of a model that is not here begins again from its token ids.
   *
   * @param modelId the model that it begins again with
   */
  public static void modelMissing(InferenceTask task, String modelId, Span span) {
    about(LOG.atInfo(), DeadLetters.head(task.getEventId()), span)
        .log("the task's model is not loaded here: restarted with {}", modelId);
  }

  private static LoggingEventBuilder about(LoggingEventBuilder line, String eventId, Span span) {
    LoggingEventBuilder about = eventId == null ? line : line.addKeyValue(EVENT_ID, eventId);
    return span.getSpanContext().isValid()
        ? about
            .addKeyValue(TRACE_ID, span.getSpanContext().getTraceId())
            .addKeyValue(SPAN_ID, span.getSpanContext().getSpanId())
        : about;
  }
}
