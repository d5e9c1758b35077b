package io.dimee.client.outcomes;

import io.dimee.avro.Cost;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.topology.routing.Latency;
import java.util.List;

/**
 * The fields of a prediction, in their order, for all who write one: as a line of JSON, on a page,
 * or as a row of a table. Their names are a contract that scripts and queries rely on.
 */
public final class PredictionFields {
  private static final List<RecordField<Cost>> COST =
      List.of(
          RecordField.real("compute", Cost::getCompute),
          RecordField.real("offload", Cost::getOffload),
          RecordField.real("total", Cost::getTotal),
          RecordField.real("cloud_only", Cost::getCloudOnly));

  private static final List<RecordField<ExitReading>> EXIT =
      List.of(
          RecordField.integer("depth", ExitReading::getDepth),
          RecordField.integer("label", ExitReading::getLabel),
          RecordField.single("confidence", ExitReading::getConfidence));

  private static final List<RecordField<Hop>> HOP =
      List.of(
          RecordField.word("tier", Hop::getTier),
          RecordField.integer("from_depth", Hop::getFromDepth),
          RecordField.integer("to_depth", Hop::getToDepth),
          RecordField.integer("layers_run", Hop::getLayersRun),
          RecordField.flag("restarted", Hop::getRestarted),
          RecordField.anyStructs("exits", Hop::getExits, EXIT),
          RecordField.real("compute_ms", Hop::getComputeMs),
          RecordField.integer("batch_size", Hop::getBatchSize),
          RecordField.number("bytes_in", Hop::getBytesIn),
          RecordField.real("compute_cost", Hop::getComputeCost),
          RecordField.real("offload_cost", Hop::getOffloadCost));

  /** All of them. */
  public static final List<RecordField<Prediction>> ALL =
      List.of(
          RecordField.text("id", Prediction::getId),
          RecordField.nullable("label", PredictionFields::label),
          RecordField.text("label_name", Prediction::getLabelName),
          RecordField.singles("probabilities", Prediction::getProbabilities),
          RecordField.single("confidence", Prediction::getConfidence),
          RecordField.word("tier", Prediction::getTier),
          RecordField.word("pool", Prediction::getPool),
          RecordField.anySingles("pool_distances", Prediction::getPoolDistances),
          RecordField.text("policy", Prediction::getPolicy),
          RecordField.integer("exit_depth", Prediction::getExitDepth),
          RecordField.integer("layers_run", Prediction::getLayersRun),
          RecordField.struct("cost", Prediction::getCost, COST),
          RecordField.number("bytes_offloaded", Prediction::getBytesOffloaded),
          RecordField.flag("truncated", Prediction::getTruncated),
          RecordField.flag("spilled", Prediction::getSpilled),
          RecordField.text("model_id", Prediction::getModelId),
          RecordField.time("created_at", Prediction::getCreatedAt),
          RecordField.time("predicted_at", Prediction::getPredictedAt),
          RecordField.number("latency_ms", Latency::millis),
          RecordField.optional("gold", Prediction::getGold),
          RecordField.anyStructs("hops", Prediction::getHops, HOP),
          RecordField.anyTexts("attributes", Prediction::getAttributes));

  private PredictionFields() {}

  /** Index of the answered class; null where the answer is withheld. */
  private static Integer label(Prediction prediction) {
    return prediction.getLabel() == UnknownLabel.INDEX ? null : prediction.getLabel();
  }
}
