package io.dimee.node.stages;

/**
 * How a running part is.
 *
 * @param part its name
 * @param live whether it goes on by itself; one that does not must be started anew
 * @param ready whether it has joined its group, and takes work if there is some
 */
public record Health(String part, boolean live, boolean ready) {}
