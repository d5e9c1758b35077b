/**
 * The trace of an event on its way through the topics. TraceHeaders reads and writes the context
 * that travels in records' headers; EventTracer begins a span for each thing that is done with an
 * event; SpanAttributes are what the spans tell.
 */
package io.dimee.topology.tracing;
