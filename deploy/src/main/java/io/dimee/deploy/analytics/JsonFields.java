package io.dimee.deploy.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Fields of a JSON object as DuckDB casts them to columns. */
final class JsonFields {
  private JsonFields() {}

  /** An enum's value in lower case. */
  static void word(JsonGenerator json, String name, Enum<?> value) throws IOException {
    json.writeStringField(name, value.name().toLowerCase(Locale.ROOT));
  }

  /** A time, as microseconds since 1970: a text would have to be written and parsed. */
  static void time(JsonGenerator json, String name, Instant value) throws IOException {
    json.writeNumberField(name, ChronoUnit.MICROS.between(Instant.EPOCH, value));
  }

  /** Numbers. */
  static void floats(JsonGenerator json, String name, List<Float> values) throws IOException {
    json.writeArrayFieldStart(name);
    for (float value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /** Texts by name. */
  static void texts(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }
}
