/**
 * Step 1 of an event's way: from a file to events. Read {@link io.dimee.client.events.EventFile}
 * first.
 *
 * <p>EventFile looks at the first bytes (encoding, compression, files that are not text), cuts the
 * rest into lines of bytes, for CSV into records of one line or more, and lets the format's parser
 * make an {@link io.dimee.client.events.InputItem} of each: an event, or a bad line with its
 * reason. A JSON array is read element by element. An event that brings no id gets one from the
 * prefix that the caller gives (for {@code produce} the file's name and a random part) and the
 * number of its line or element.
 *
 * <p>Every line, CSV row or array element that is not empty becomes exactly one item, in the file's
 * order, headers none, and a line has a bounded size in memory. Input that cannot be read from its
 * beginning is a {@link io.dimee.topology.cluster.ConfigurationException}; an array that breaks
 * later is an {@link java.io.IOException}, after what came before it. The package knows neither
 * topics nor models: labels are not checked here, and texts are not cut.
 *
 * <p>Next: {@link io.dimee.client.send} writes the items to Kafka.
 */
package io.dimee.client.events;
