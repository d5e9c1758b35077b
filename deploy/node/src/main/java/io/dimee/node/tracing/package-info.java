/**
 * The SDK that records traces of this process. {@link io.dimee.node.tracing.Tracing} makes it where
 * OpenTelemetry's environment variables name an exporter, and closes it with the process; otherwise
 * no class of the SDK is loaded. The spans are begun in {@link io.dimee.topology.tracing}, which
 * knows only OpenTelemetry's API.
 */
package io.dimee.node.tracing;
