package io.dimee.node.stages;

/**
 * How a running part is.
 *
 * @param part its name
 * @param live whether it makes progress; a part that does not must be restarted
 * @param ready whether it has joined its group, and takes work if there is some
 */
public record Health(String part, boolean live, boolean ready) {}
