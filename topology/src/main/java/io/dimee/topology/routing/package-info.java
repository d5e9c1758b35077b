/**
 * Decisions that router and tiers share. {@link io.dimee.topology.routing.Policy} says at which
 * tier an event starts and which exits may answer it; {@link io.dimee.topology.routing.SpillSwitch}
 * sends work for the edge to the cloud while the edge is behind. Both see pools, tiers and depths
 * only: no record, no Kafka. What a way costs is {@link io.dimee.inference.routing}'s.
 */
package io.dimee.topology.routing;
