/**
 * Step 2 of an event's way: from events to the topic {@code dimee.events}. Read {@link
 * io.dimee.client.send.EventSender} first.
 *
 * <p>EventSender takes items from an {@link io.dimee.client.events.EventFile}, makes a {@link
 * io.dimee.avro.TextEvent} of each event, and has an {@link io.dimee.client.send.EventWriter}
 * encode it with the process's {@link io.dimee.serdes.RecordFormats} and send it, with the event's
 * id in UTF-8 as the key. A bad line, an event with too many attributes and a record that is
 * refused for its size go to the dead-letter topic instead. {@link
 * io.dimee.client.send.Outstanding} remembers which events have no outcome yet, for those who wait
 * for one, and {@link io.dimee.client.send.Sending} sends in a thread of its own meanwhile.
 *
 * <p>When {@code send} returns, every item that it took is written; otherwise it throws. The
 * package does not know what the router will make of an event, and writes without a transaction: a
 * command that is run again sends its events again.
 *
 * <p>Next: {@link io.dimee.topology.router} consumes {@code dimee.events}.
 */
package io.dimee.client.send;
