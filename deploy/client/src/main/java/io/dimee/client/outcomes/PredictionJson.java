package io.dimee.client.outcomes;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dimee.avro.Prediction;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** A prediction as one line of JSON, with those of {@link PredictionFields} that it has. */
public final class PredictionJson {
  private final ObjectMapper json = new ObjectMapper();

  /** Formats a prediction. */
  public String line(Prediction prediction) {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = json.createGenerator(line)) {
      write(prediction, generator);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return line.toString();
  }

  /** The same as a tree. */
  public ObjectNode node(Prediction prediction) {
    try (TokenBuffer tokens = new TokenBuffer(json, false)) {
      write(prediction, tokens);
      return json.readTree(tokens.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
  }

  private static void write(Prediction prediction, JsonGenerator generator) throws IOException {
    RecordField.write(PredictionFields.ALL, prediction, generator, RecordField.Form.LINE);
  }
}
