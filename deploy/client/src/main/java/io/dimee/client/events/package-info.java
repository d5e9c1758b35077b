/**
 * Step 1 of an event's way: from a file to events. Read {@link io.dimee.client.events.EventFile}
 * first.
 *
 * <p>EventFile looks at the first bytes (encoding, compression, files that are not text), cuts the
 * rest into lines of bytes, for CSV into records of one line or more, and lets the format's parser
 * make an {@link io.dimee.client.events.InputItem} of each: an event, or a bad line with its
 * reason. A JSON array is read element by element. An event that brings no id gets one from the
 * file's name and the line's number.
 *
 * <p>Every line that is not empty becomes exactly one item, in the file's order, and a line has a
 * bounded size in memory. What is wrong with the input as a whole is a {@link
 * io.dimee.topology.cluster.ConfigurationException}. The package knows neither topics nor models:
 * labels are not checked here, and texts are not cut.
 *
 * <p>Next: {@link io.dimee.client.send} writes the items to Kafka.
 */
package io.dimee.client.events;
