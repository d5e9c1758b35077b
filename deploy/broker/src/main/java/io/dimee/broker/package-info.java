/**
 * A real Kafka broker and KRaft controller in this process. {@link io.dimee.broker.EmbeddedBroker}
 * starts one on the loopback address, keeps its data in a folder, and stops with its owner. It is
 * for one machine: nothing is replicated. What its topics hold is not known here.
 */
package io.dimee.broker;
