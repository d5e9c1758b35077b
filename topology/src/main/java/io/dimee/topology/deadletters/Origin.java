package io.dimee.topology.deadletters;

/**
 * A record as it was consumed.
 *
 * @param key its key, or null
 * @param value its value, or null
 */
@SuppressWarnings("ArrayRecordComponent") // carries a record's bytes; never compared
public record Origin(String topic, int partition, long offset, byte[] key, byte[] value) {}
