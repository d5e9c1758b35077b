/**
 * The trace of an event, which travels beside it in the records' headers. {@link
 * io.dimee.topology.tracing.EventTracer} begins a span for each thing that is done with an event;
 * {@link io.dimee.topology.tracing.TraceHeaders} reads and writes the context; {@link
 * io.dimee.topology.tracing.SpanAttributes} are what the spans tell. Headers are anybody's: a
 * context that is not exactly valid counts as none. Which collector gets the spans is not known
 * here ({@code io.dimee.node.tracing} is), and without one nothing is recorded.
 */
package io.dimee.topology.tracing;
