package io.dimee.analytics.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.Map;

/** Values of a result as JSON. */
final class JsonValues {
  private final JsonFactory factory =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** A generator that leaves what it writes to open. */
  JsonGenerator generator(Writer out) throws IOException {
    return factory.createGenerator(out);
  }

  /** A value as text. */
  String text(Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = generator(text)) {
      write(value, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes a value. */
  void write(Object value, JsonGenerator json) throws IOException {
    if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object item : list) {
        write(item, json);
      }
      json.writeEndArray();
    } else if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(entry.getValue(), json);
      }
      json.writeEndObject();
    } else if (value instanceof LocalDateTime time) {
      json.writeString(time.toInstant(ZoneOffset.UTC).toString());
    } else if (value instanceof Temporal) {
      json.writeString(value.toString());
    } else {
      json.writeObject(value);
    }
  }
}
