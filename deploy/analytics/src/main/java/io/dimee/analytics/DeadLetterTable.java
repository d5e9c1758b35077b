package io.dimee.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.avro.DeadLetter;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;

/** What could not be answered. */
final class DeadLetterTable implements TopicTable<DeadLetter> {
  @Override
  public String name() {
    return "dead_letters";
  }

  @Override
  public String doc() {
    return "events that could not be answered, and why";
  }

  @Override
  public String topic(Topics topics) {
    return topics.deadLetters();
  }

  @Override
  public Class<DeadLetter> type() {
    return DeadLetter.class;
  }

  @Override
  public boolean isOptional() {
    return false;
  }

  @Override
  public String time() {
    return "failed_at";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("event_id", "VARCHAR"),
        new Column("stage", "VARCHAR"),
        new Column("reason", "VARCHAR"),
        new Column("message", "VARCHAR"),
        new Column("exception", "VARCHAR"),
        new Column("topic", "VARCHAR"),
        new Column("source_partition", "INTEGER"),
        new Column("source_offset", "BIGINT"),
        new Column("payload_size", "BIGINT"),
        new Column("failed_at", "TIMESTAMP"));
  }

  @Override
  public void write(DeadLetter value, JsonGenerator json) throws IOException {
    json.writeStartObject();

    json.writeStringField("event_id", value.getEventId());
    JsonFields.word(json, "stage", value.getStage());
    JsonFields.word(json, "reason", value.getReason());
    json.writeStringField("message", value.getMessage());
    json.writeStringField("exception", value.getException());
    json.writeStringField("topic", value.getTopic());
    json.writeNumberField("source_partition", value.getPartition());
    json.writeNumberField("source_offset", value.getOffset());
    json.writeNumberField("payload_size", value.getPayloadSize());
    JsonFields.time(json, "failed_at", value.getFailedAt());
    json.writeEndObject();
  }
}
