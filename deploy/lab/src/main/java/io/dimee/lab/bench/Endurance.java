package io.dimee.lab.bench;

import java.util.Map;

/**
 * The pipeline after so many events, as one process a tier with one thread each.
 *
 * @param events answered so far
 * @param millisPerEvent wall-clock time of an event since the row before
 * @param residentMebibytes memory of each process, by tier; empty where the system does not tell
 */
public record Endurance(int events, double millisPerEvent, Map<String, Long> residentMebibytes) {}
