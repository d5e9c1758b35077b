package io.dimee.lab.bench;

/**
 * What one kind of operator takes of a full batch through all layers.
 *
 * @param millis of one core
 * @param share of all operators' time
 */
public record OperatorSpeed(String name, String operator, double millis, double share) {}
