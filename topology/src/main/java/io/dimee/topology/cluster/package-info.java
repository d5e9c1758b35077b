/**
 * What the pipeline asks of a Kafka cluster. Read {@link io.dimee.topology.cluster.Topics} first,
 * the names of all topics and groups, then {@link io.dimee.topology.cluster.KafkaSettings}, every
 * client's settings in one place: those that a guarantee rests on cannot be overridden. Both, with
 * the formats of records, are a {@link io.dimee.topology.cluster.Connection}, which every part of a
 * pipeline is given; a {@link io.dimee.topology.cluster.Wire} is the same for what makes no
 * clients.
 *
 * <p>{@link io.dimee.topology.cluster.TopicSetup} creates topics that are absent and leaves those
 * that exist, {@link io.dimee.topology.cluster.Acls} lists what each role must be allowed, {@link
 * io.dimee.topology.cluster.TopicOffsets} and {@link io.dimee.topology.cluster.GroupLag} tell how
 * far groups are. No record is read or written here. Wrong configuration is a {@link
 * io.dimee.topology.cluster.ConfigurationException}, whose message is one line for people.
 */
package io.dimee.topology.cluster;
