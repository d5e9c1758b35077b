package io.dimee.lab.bench;

/**
 * All layers on full batches.
 *
 * @param tokens of every text
 * @param perSecond texts a second
 * @param ratio to the unmodified model, of each round
 */
public record LayerSpeed(String name, int tokens, Spread perSecond, Spread ratio) {}
