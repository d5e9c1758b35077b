package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.topology.ledger.Unanswered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events without an outcome as JSON, and back; the field names are a contract that scripts rely on.
 */
final class UnansweredJson {
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Writes the whole.
   *
   * @param patience after which an event is overdue
   */
  ObjectNode write(Unanswered unanswered, Duration patience) {
    ObjectNode node = json.createObjectNode();
    node.put("overdue", unanswered.overdue());
    node.put("open", unanswered.open());
    node.put("oldest", unanswered.oldest().map(Instant::toString).orElse(null));
    node.put("after_seconds", patience.toSeconds());
    ArrayNode ids = node.putArray("ids");
    unanswered.first().forEach(event -> ids.add(event.id()));
    return node;
  }

  /** Writes parts, by their numbers. */
  ObjectNode writeParts(Map<Integer, Unanswered> parts) {
    ObjectNode all = json.createObjectNode();
    parts.forEach(
        (part, unanswered) -> {
          ObjectNode node = all.putObject(part.toString());
          node.put("overdue", unanswered.overdue());
          node.put("open", unanswered.open());
          node.put("oldest", unanswered.oldest().map(Instant::toString).orElse(null));
          ArrayNode events = node.putArray("first");
          for (Unanswered.Event event : unanswered.first()) {
            events.addObject().put("id", event.id()).put("written", event.written().toString());
          }
        });
    return all;
  }

  /**
   * Reads what {@link #writeParts} wrote.
   *
   * @throws IllegalArgumentException when it is nothing of the kind
   */
  Map<Integer, Unanswered> readParts(JsonNode all) {
    if (!all.isObject()) {
      throw new IllegalArgumentException("no parts: " + all);
    }
    Map<Integer, Unanswered> parts = new HashMap<>();
    for (Map.Entry<String, JsonNode> part : all.properties()) {
      JsonNode node = part.getValue();
      List<Unanswered.Event> first = new ArrayList<>();
      for (JsonNode event : node.required("first")) {
        first.add(
            new Unanswered.Event(
                event.required("id").textValue(),
                Instant.parse(event.required("written").textValue())));
      }
      parts.put(
          Integer.valueOf(part.getKey()),
          new Unanswered(
              node.required("open").longValue(),
              node.required("overdue").longValue(),
              Optional.ofNullable(node.required("oldest").textValue()).map(Instant::parse),
              first));
    }
    return parts;
  }
}
