package io.dimee.deploy.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;

/** What the predictions of each window add up to. */
final class LedgerTable implements TopicTable<LedgerEntry> {
  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public String doc() {
    return "sums of predictions by window, tier, pool, policy and model";
  }

  @Override
  public String topic(Topics topics) {
    return topics.ledger();
  }

  @Override
  public Class<LedgerEntry> type() {
    return LedgerEntry.class;
  }

  @Override
  public boolean isOptional() {
    return true;
  }

  @Override
  public String time() {
    return "window_start";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("window_start", "TIMESTAMP"),
        new Column("window_end", "TIMESTAMP"),
        new Column("tier", "VARCHAR"),
        new Column("pool", "VARCHAR"),
        new Column("policy", "VARCHAR"),
        new Column("model_id", "VARCHAR"),
        new Column("count", "BIGINT"),
        new Column("spilled", "BIGINT"),
        new Column("cost", "DOUBLE"),
        new Column("cloud_only_cost", "DOUBLE"),
        new Column("bytes_offloaded", "BIGINT"),
        new Column("layers_run", "BIGINT"),
        new Column("confidences", "BIGINT[]"),
        new Column(
            "exits",
            "STRUCT(depth INTEGER, \"count\" BIGINT, labelled BIGINT, \"right\" BIGINT)[]"));
  }

  @Override
  public void write(LedgerEntry value, JsonGenerator json) throws IOException {
    json.writeStartObject();

    JsonFields.time(json, "window_start", value.getWindowStart());
    JsonFields.time(json, "window_end", value.getWindowEnd());
    JsonFields.word(json, "tier", value.getTier());
    JsonFields.word(json, "pool", value.getPool());
    json.writeStringField("policy", value.getPolicy());
    json.writeStringField("model_id", value.getModelId());
    json.writeNumberField("count", value.getCount());
    json.writeNumberField("spilled", value.getSpilled());
    json.writeNumberField("cost", value.getCost());
    json.writeNumberField("cloud_only_cost", value.getCloudOnlyCost());
    json.writeNumberField("bytes_offloaded", value.getBytesOffloaded());
    json.writeNumberField("layers_run", value.getLayersRun());
    json.writeArrayFieldStart("confidences");
    for (long count : value.getConfidences()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("exits");
    for (ExitCount exit : value.getExits()) {
      json.writeStartObject();
      json.writeNumberField("depth", exit.getDepth());
      json.writeNumberField("count", exit.getCount());
      json.writeNumberField("labelled", exit.getLabelled());
      json.writeNumberField("right", exit.getRight());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
