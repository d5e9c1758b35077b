/**
 * What another program would use: events in, outcomes out. Nothing here runs a model or starts a
 * server.
 *
 * <p>An event's way begins in {@link io.dimee.client.events}, where a file's lines become events,
 * and continues in {@link io.dimee.client.send}, which writes them to a topic. What became of them
 * is read in {@link io.dimee.client.outcomes}; what could not be answered is looked at and sent
 * again in {@link io.dimee.client.deadletters}. Before any of that, {@link io.dimee.client.probe}
 * can ask whether a broker is there at all. Every part is given its Kafka settings, its topics and
 * its record formats; none reads a configuration of its own.
 */
package io.dimee.client;
