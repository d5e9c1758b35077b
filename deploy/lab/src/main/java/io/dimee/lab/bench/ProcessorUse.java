package io.dimee.lab.bench;

/**
 * Where the pipeline's processor time goes.
 *
 * @param part of this process
 * @param millisPerEvent of one core, of each round
 */
public record ProcessorUse(String part, Spread millisPerEvent) {}
