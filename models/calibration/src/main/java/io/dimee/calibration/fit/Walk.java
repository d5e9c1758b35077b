package io.dimee.calibration.fit;

import io.dimee.inference.bundle.Tier;

/**
 * One event's way to its answer.
 *
 * @param start tier at which it begins
 * @param tier the one that answers
 * @param depth of the exit that answers
 * @param layers run in all, repeated ones included
 * @param cost in price units
 */
public record Walk(Tier start, Tier tier, int depth, int layers, double cost) {}
