/**
 * Files of events. {@link io.dimee.client.events.EventFile} looks at the first bytes (encoding,
 * compression, files that are no text), cuts the rest into lines of bytes, for CSV into records of
 * one line or more, and lets the format's parser make an {@link io.dimee.client.events.InputItem}
 * of each: an event, or a bad line with its reason. A JSON array is read element by element. What
 * is wrong with an input as a whole is a {@link io.dimee.topology.cluster.ConfigurationException}.
 */
package io.dimee.client.events;
