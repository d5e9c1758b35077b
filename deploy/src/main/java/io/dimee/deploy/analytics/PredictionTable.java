package io.dimee.deploy.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.avro.Cost;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.topology.routing.Latency;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;

/** The answers. */
final class PredictionTable implements TopicTable<Prediction> {
  @Override
  public String name() {
    return "predictions";
  }

  @Override
  public String doc() {
    return "answers: label, tier, exit, cost, hops";
  }

  @Override
  public String topic(Topics topics) {
    return topics.predictions();
  }

  @Override
  public Class<Prediction> type() {
    return Prediction.class;
  }

  @Override
  public boolean isOptional() {
    return false;
  }

  @Override
  public String time() {
    return "predicted_at";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("id", "VARCHAR"),
        new Column("label", "INTEGER"),
        new Column("label_name", "VARCHAR"),
        new Column("probabilities", "FLOAT[]"),
        new Column("confidence", "FLOAT"),
        new Column("tier", "VARCHAR"),
        new Column("pool", "VARCHAR"),
        new Column("pool_distances", "FLOAT[]"),
        new Column("policy", "VARCHAR"),
        new Column("exit_depth", "INTEGER"),
        new Column("layers_run", "INTEGER"),
        new Column(
            "cost", "STRUCT(compute DOUBLE, \"offload\" DOUBLE, total DOUBLE, cloud_only DOUBLE)"),
        new Column("bytes_offloaded", "BIGINT"),
        new Column("truncated", "BOOLEAN"),
        new Column("spilled", "BOOLEAN"),
        new Column("model_id", "VARCHAR"),
        new Column("created_at", "TIMESTAMP"),
        new Column("predicted_at", "TIMESTAMP"),
        new Column("latency_ms", "BIGINT"),
        new Column("gold", "INTEGER"),
        new Column(
            "hops",
            "STRUCT(tier VARCHAR, from_depth INTEGER, to_depth INTEGER, layers_run INTEGER, restarted BOOLEAN,"
                + " exits STRUCT(depth INTEGER, label INTEGER, confidence FLOAT)[], compute_ms DOUBLE,"
                + " batch_size INTEGER, bytes_in BIGINT, compute_cost DOUBLE, offload_cost DOUBLE)[]"),
        new Column("attributes", "MAP(VARCHAR, VARCHAR)"));
  }

  @Override
  public void write(Prediction value, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", value.getId());
    json.writeNumberField("label", value.getLabel());
    json.writeStringField("label_name", value.getLabelName());
    JsonFields.floats(json, "probabilities", value.getProbabilities());
    json.writeNumberField("confidence", value.getConfidence());
    JsonFields.word(json, "tier", value.getTier());
    JsonFields.word(json, "pool", value.getPool());
    JsonFields.floats(json, "pool_distances", value.getPoolDistances());
    json.writeStringField("policy", value.getPolicy());
    json.writeNumberField("exit_depth", value.getExitDepth());
    json.writeNumberField("layers_run", value.getLayersRun());
    write(value.getCost(), json);
    json.writeNumberField("bytes_offloaded", value.getBytesOffloaded());
    json.writeBooleanField("truncated", value.getTruncated());
    json.writeBooleanField("spilled", value.getSpilled());
    json.writeStringField("model_id", value.getModelId());
    JsonFields.time(json, "created_at", value.getCreatedAt());
    JsonFields.time(json, "predicted_at", value.getPredictedAt());
    json.writeNumberField("latency_ms", Latency.millis(value));
    if (value.getGold() == null) {
      json.writeNullField("gold");
    } else {
      json.writeNumberField("gold", value.getGold());
    }
    json.writeArrayFieldStart("hops");
    for (Hop hop : value.getHops()) {
      write(hop, json);
    }
    json.writeEndArray();
    JsonFields.texts(json, "attributes", value.getAttributes());
    json.writeEndObject();
  }

  private static void write(Cost cost, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("cost");
    json.writeNumberField("compute", cost.getCompute());
    json.writeNumberField("offload", cost.getOffload());
    json.writeNumberField("total", cost.getTotal());
    json.writeNumberField("cloud_only", cost.getCloudOnly());
    json.writeEndObject();
  }

  private static void write(Hop hop, JsonGenerator json) throws IOException {
    json.writeStartObject();
    JsonFields.word(json, "tier", hop.getTier());
    json.writeNumberField("from_depth", hop.getFromDepth());
    json.writeNumberField("to_depth", hop.getToDepth());
    json.writeNumberField("layers_run", hop.getLayersRun());
    json.writeBooleanField("restarted", hop.getRestarted());
    json.writeArrayFieldStart("exits");
    for (ExitReading exit : hop.getExits()) {
      json.writeStartObject();
      json.writeNumberField("depth", exit.getDepth());
      json.writeNumberField("label", exit.getLabel());
      json.writeNumberField("confidence", exit.getConfidence());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("compute_ms", hop.getComputeMs());
    json.writeNumberField("batch_size", hop.getBatchSize());
    json.writeNumberField("bytes_in", hop.getBytesIn());
    json.writeNumberField("compute_cost", hop.getComputeCost());
    json.writeNumberField("offload_cost", hop.getOffloadCost());
    json.writeEndObject();
  }
}
