package io.dimee.lab.bench;

/**
 * Time from an event sent to its answer seen by a reader of committed records, in milliseconds.
 *
 * @param load part of the contestant's own throughput
 * @param perSecond events sent a second
 */
public record Latency(
    String name, double load, double perSecond, double p50, double p95, double p99) {}
