package io.dimee.topology.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The W3C trace context in records' headers. What is read may be anybody's: a context that is not
 * exactly valid, or larger than it must be, is as none, so that headers neither grow nor break a
 * record.
 */
public final class TraceHeaders {
  static final String TRACEPARENT = "traceparent";
  static final String TRACESTATE = "tracestate";

  /** The specification asks for no more of those who pass a state on. */
  static final int MAX_TRACESTATE_BYTES = 512;

  private static final int TRACEPARENT_BYTES = 55;
  private static final Map<String, Integer> MAX_BYTES =
      Map.of(TRACEPARENT, TRACEPARENT_BYTES, TRACESTATE, MAX_TRACESTATE_BYTES);

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final TextMapGetter<Headers> GETTER = TraceHeaders::bounded;
  private static final TextMapSetter<Headers> SETTER =
      (headers, key, value) -> headers.add(key, value.getBytes(StandardCharsets.US_ASCII));

  private TraceHeaders() {}

  /** The context that a record carries; the root when it carries none. */
  static Context extract(Headers headers) {
    return W3C.extract(Context.root(), headers, GETTER);
  }

  /** Lets a new record carry a span's context, if it has one. */
  public static void inject(Span span, Headers headers) {
    if (span.getSpanContext().isValid()) {
      W3C.inject(Context.root().with(span), headers, SETTER);
    }
  }

  private static String bounded(Headers headers, String key) {
    Header header = headers.lastHeader(key);
    return header == null || header.value() == null || header.value().length > MAX_BYTES.get(key)
        ? null
        : new String(header.value(), StandardCharsets.US_ASCII);
  }
}
