package io.dimee.lab.bench;

/**
 * What handing a hidden state on costs in one encoding.
 *
 * @param bytesPerToken of the encoded state
 * @param encodeMicros to encode an event's state, mean of a round
 * @param decodeMicros to check and decode it
 */
public record CodecSpeed(
    String name, double bytesPerToken, Spread encodeMicros, Spread decodeMicros) {}
