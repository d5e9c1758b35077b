package io.dimee.client.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.tables.JsonFault;
import io.dimee.tables.UsualNames;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Events as JSON objects, one a line or in an array. */
final class JsonLineParser implements LineParser {
  private static final String TEXT = "text";
  private final ObjectMapper json = mapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final EventColumns fields;

  JsonLineParser(EventColumns fields) {
    this.fields = fields;
  }

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
    return event(node, fallbackId, fields);
  }

  /**
   * Makes an event of an object.
   *
   * @param fields names of its texts and label
   * @throws IllegalArgumentException when it is none; the message says why
   */
  static InputItem.Event event(JsonNode node, String fallbackId, EventColumns fields) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    String id = optional(node, "id");
    return new InputItem.Event(
        id == null ? fallbackId : id,
        fields.areNamed() ? joined(node, fields.text()) : text(node, TEXT),
        optional(node, fields.areNamed() ? fields.pair() : Optional.of("text_pair")),
        optional(node, fields.areNamed() ? fields.label() : Optional.of("label")),
        attributes(node));
  }

  private static String joined(JsonNode node, List<String> fields) {
    if (fields.size() == 1) {
      return text(node, fields.get(0));
    }
    return fields.stream()
        .map(field -> optional(node, field))
        .filter(text -> text != null && !text.isBlank())
        .collect(Collectors.joining(UsualNames.BETWEEN_TEXTS));
  }

  private static String text(JsonNode node, String field) {
    if (!node.path(field).isTextual()) {
      throw new IllegalArgumentException(field + " is missing or not a string");
    }
    return encodable(field, node.path(field).asText());
  }

  private static String optional(JsonNode node, Optional<String> field) {
    return field.map(name -> optional(node, name)).orElse(null);
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
