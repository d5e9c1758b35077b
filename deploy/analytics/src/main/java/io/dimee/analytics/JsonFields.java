package io.dimee.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.client.outcomes.RecordField;
import io.dimee.serdes.EnumNames;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Fields of a JSON object as DuckDB casts them to columns. */
final class JsonFields {
  private static final long FIRST_MS = Instant.parse("0001-01-01T00:00:00Z").toEpochMilli();
  private static final long LAST_MS = Instant.parse("9999-12-31T23:59:59Z").toEpochMilli();

  /** Every field of a record, in the order of the columns. */
  static final RecordField.Form ROW = new RecordField.Form(true, JsonFields::micros);

  private JsonFields() {}

  /** An enum's value in lower case. */
  static void word(JsonGenerator json, String name, Enum<?> value) throws IOException {
    json.writeStringField(name, EnumNames.lower(value));
  }

  /**
   * A time, as microseconds since 1970: a text would have to be written and parsed. Users' clocks
   * may say anything; what no column holds becomes the first or last time of the years 1 to 9999.
   */
  static void time(JsonGenerator json, String name, Instant value) throws IOException {
    json.writeNumberField(name, micros(value));
  }

  private static long micros(Instant value) {
    long millis = Math.max(FIRST_MS, Math.min(LAST_MS, value.toEpochMilli()));
    return TimeUnit.MILLISECONDS.toMicros(millis);
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
