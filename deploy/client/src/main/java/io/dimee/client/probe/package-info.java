/**
 * Whether a broker is where one is said to be. {@link io.dimee.client.probe.BrokerProbe} asks each
 * bootstrap server with one request of Kafka's protocol and, if none answers, says in a line what
 * is there instead, such as a port that is closed or a web server. Kafka's own clients would try
 * for a minute and name neither the address nor the cause. The probe never sends a user's name or
 * password, and so does not know whether they are right.
 */
package io.dimee.client.probe;
