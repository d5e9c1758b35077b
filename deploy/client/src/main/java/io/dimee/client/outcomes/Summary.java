package io.dimee.client.outcomes;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * What a run did; as JSON its field names are a contract that scripts rely on. Means are over the
 * answered events; shares and reductions are fractions.
 *
 * @param unknown answered events whose label is withheld; null without any
 * @param deadLetterReasons dead letters by reason; null without any
 * @param accuracy share of the answered events with a gold label that were answered rightly,
 *     without those whose answer is withheld; null without labels
 * @param share answered events by tier
 * @param costReduction 1 - cost / cloud-only cost
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Summary(
    long events,
    long answered,
    @JsonProperty("dead_letters") long deadLetters,
    Long unknown,
    @JsonProperty("dead_letter_reasons") Map<String, Long> deadLetterReasons,
    Double accuracy,
    Map<String, Double> share,
    @JsonProperty("confidence_mean") Map<String, Double> confidenceMean,
    @JsonProperty("layers_mean") double layersMean,
    @JsonProperty("cost_mean") double costMean,
    @JsonProperty("cloud_only_cost_mean") double cloudOnlyCostMean,
    @JsonProperty("cost_reduction") double costReduction,
    @JsonProperty("bytes_offloaded_mean") double bytesOffloadedMean,
    @JsonProperty("events_per_second") double eventsPerSecond,
    double seconds) {}
