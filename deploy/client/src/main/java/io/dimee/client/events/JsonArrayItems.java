package io.dimee.client.events;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dimee.avro.Reason;
import io.dimee.tables.Encoding;
import io.dimee.tables.JsonFault;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * An input that is one JSON array of events. An element that is no event is a bad line. Where the
 * JSON itself is broken, what follows cannot be read, and that is an error.
 */
final class JsonArrayItems implements ItemReader {
  private final ObjectMapper mapper = JsonLineParser.mapper();
  private final String idPrefix;
  private final Encoding encoding;
  private final EventColumns fields;
  private final JsonParser json;
  private long number;

  /**
   * Begins before the array.
   *
   * @param idPrefix begins the ids of events that bring none; the element's number from 1 ends them
   * @param fields names of an object's texts and label
   */
  JsonArrayItems(String idPrefix, InputStream in, Encoding encoding, EventColumns fields)
      throws IOException {
    this.fields = fields;
    this.idPrefix = idPrefix;
    this.encoding = encoding;
    this.json = mapper.createParser(new InputStreamReader(in, encoding.charset().newDecoder()));
  }

  @Override
  public InputItem next() throws IOException {
    TokenBuffer element = element();
    return element == null ? null : item(element);
  }

  /** The next element whatever it is, or null at the end. */
  private TokenBuffer element() throws IOException {
    try {
      if (number == 0) {
        json.nextToken();
      }
      number++;
      if (json.nextToken() != JsonToken.END_ARRAY) {
        TokenBuffer element = new TokenBuffer(json);
        element.copyCurrentStructure(json);
        return element;
      }
      if (json.nextToken() != null) {
        throw new IOException("there is more after the JSON array");
      }
      return null;
    } catch (JsonProcessingException e) {
      throw new IOException(
          "the JSON array is malformed at element %d, line %d: %s"
              .formatted(number, json.currentLocation().getLineNr(), JsonFault.reason(e)),
          e);
    } catch (CharacterCodingException e) {
      throw new IOException(
          "the JSON array is not %s at element %d or after it"
              .formatted(encoding.charset(), number),
          e);
    }
  }

  private InputItem item(TokenBuffer element) throws IOException {
    String id = idPrefix + "-" + number;
    try (JsonParser tokens = element.asParser(mapper)) {
      return JsonLineParser.event(mapper.readTree(tokens), id, fields);
    } catch (JsonProcessingException e) {
      return bad(id, element, JsonFault.reason(e));
    } catch (IllegalArgumentException e) {
      return bad(id, element, e.getMessage());
    }
  }

  private InputItem.BadLine bad(String id, TokenBuffer element, String why) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = mapper.createGenerator(text)) {
      element.serialize(generator);
    }
    return new InputItem.BadLine(
        id,
        number,
        Reason.INVALID_EVENT,
        "element %d: %s".formatted(number, why),
        text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
