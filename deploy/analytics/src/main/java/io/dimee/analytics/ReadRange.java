package io.dimee.analytics;

/**
 * Offsets of one partition that the cache holds, without a gap; what the topic lacks between them
 * (transaction marks, records gone by retention) is no gap.
 *
 * @param first inclusive; 0 when all from the partition's beginning was read
 * @param next exclusive
 */
record ReadRange(long first, long next) {}
