package io.dimee.lab.bench;

/**
 * How many events one contestant answers.
 *
 * @param perSecond events a second
 * @param ratio of this project's throughput to this one's, of each round
 * @param accuracy over labelled events; null when there are none
 */
public record Throughput(String name, Spread perSecond, Spread ratio, Double accuracy) {}
