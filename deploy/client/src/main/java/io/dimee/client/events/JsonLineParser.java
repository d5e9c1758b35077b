package io.dimee.client.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.tables.JsonFault;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Events as JSON objects, one a line or in an array. */
final class JsonLineParser implements LineParser {
  private final ObjectMapper json = mapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Refuses a field that is there twice, of which one would be lost. */
  static ObjectMapper mapper() {
    return new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  }

  @Override
  public InputItem.Event parse(String line, String fallbackId) {
    JsonNode node;
    try {
      node = json.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + JsonFault.reason(e), e);
    }
    return event(node, fallbackId);
  }

  /**
   * Makes an event of an object.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static InputItem.Event event(JsonNode node, String fallbackId) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    if (!node.path("text").isTextual()) {
      throw new IllegalArgumentException("text is missing or not a string");
    }
    String id = optional(node, "id");
    return new InputItem.Event(
        id == null ? fallbackId : id,
        encodable("text", node.path("text").asText()),
        optional(node, "text_pair"),
        optional(node, "label"),
        attributes(node));
  }

  private static Map<String, String> attributes(JsonNode event) {
    if (!event.hasNonNull("attributes")) {
      return Map.of();
    }
    JsonNode node = event.get("attributes");
    if (!node.isObject()) {
      throw new IllegalArgumentException("attributes is not an object");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String field = "attributes." + entry.getKey();
      attributes.put(entry.getKey(), scalar(field, entry.getValue()));
    }
    return attributes;
  }

  private static String optional(JsonNode node, String field) {
    return node.hasNonNull(field) ? scalar(field, node.get(field)) : null;
  }

  /** Jackson's own text of an object or array is empty: what the user wrote would vanish. */
  private static String scalar(String field, JsonNode value) {
    if (!value.isValueNode()) {
      throw new IllegalArgumentException(field + " is not a string, number or boolean");
    }
    return encodable(field, value.asText());
  }

  /** JSON can escape half a surrogate pair; UTF-8 cannot hold it and would make it a '?'. */
  private static String encodable(String field, String value) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(field + " has half a surrogate pair");
    }
    return value;
  }
}
