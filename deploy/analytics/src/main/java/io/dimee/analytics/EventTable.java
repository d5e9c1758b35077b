package io.dimee.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.avro.TextEvent;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;

/** What users produced. */
final class EventTable implements TopicTable<TextEvent> {
  @Override
  public String name() {
    return "events";
  }

  @Override
  public String doc() {
    return "events as produced: text, label";
  }

  @Override
  public String topic(Topics topics) {
    return topics.events();
  }

  @Override
  public Class<TextEvent> type() {
    return TextEvent.class;
  }

  @Override
  public boolean isOptional() {
    return false;
  }

  @Override
  public String time() {
    return "created_at";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("id", "VARCHAR"),
        new Column("text", "VARCHAR"),
        new Column("text_pair", "VARCHAR"),
        new Column("label", "VARCHAR"),
        new Column("created_at", "TIMESTAMP"),
        new Column("attributes", "MAP(VARCHAR, VARCHAR)"));
  }

  @Override
  public void write(TextEvent value, JsonGenerator json) throws IOException {
    json.writeStartObject();

    json.writeStringField("id", value.getId());
    json.writeStringField("text", value.getText());
    json.writeStringField("text_pair", value.getTextPair());
    json.writeStringField("label", value.getLabel());
    JsonFields.time(json, "created_at", value.getCreatedAt());
    JsonFields.texts(json, "attributes", value.getAttributes());
    json.writeEndObject();
  }
}
