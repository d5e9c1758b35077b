package io.dimee.lab.bench;

/**
 * Time that a command needs from the start of its JVM, the segments being in the cache.
 *
 * @param until what was waited for
 */
public record StartUp(String command, String until, double seconds) {}
