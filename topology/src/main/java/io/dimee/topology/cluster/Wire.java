package io.dimee.topology.cluster;

import io.dimee.serdes.RecordFormats;

/** What a pipeline's topics are called, and how their records are written. */
public record Wire(Topics topics, RecordFormats formats) {}
