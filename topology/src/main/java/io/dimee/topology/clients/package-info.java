/**
 * Kafka clients that do not fail silently. {@link io.dimee.topology.clients.StreamsApp} is a
 * topology as a running application: whatever ends it is told to its owner. {@link
 * io.dimee.topology.clients.GroupConsumer} is a group's consumer that tells when retention has
 * removed records before they were read, instead of going on without a word. What is in the records
 * is not known here.
 */
package io.dimee.topology.clients;
