package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.topology.ledger.Unanswered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
    ObjectNode node = counts(unanswered);
    node.put("after_seconds", patience.toSeconds());
    ArrayNode ids = node.putArray("ids");
    unanswered.first().forEach(event -> ids.add(event.id()));
    return node;
  }

  /** Writes parts, by their numbers. */
  ObjectNode writeParts(Map<Integer, Unanswered> parts) {
    ObjectNode node = json.createObjectNode();
    parts.forEach((part, unanswered) -> node.set(part.toString(), part(unanswered)));
    return node;
  }

  private ObjectNode part(Unanswered unanswered) {
    ObjectNode node = counts(unanswered);
    ArrayNode events = node.putArray("first");
    for (Unanswered.Event event : unanswered.first()) {
      events.addObject().put("id", event.id()).put("written", event.written().toString());
    }
    return node;
  }

  private ObjectNode counts(Unanswered unanswered) {
    return json.createObjectNode()
        .put("overdue", unanswered.overdue())
        .put("open", unanswered.open())
        .put("oldest", unanswered.oldest().map(Instant::toString).orElse(null));
  }

  /**
   * Reads a part of those that {@link #writeParts} wrote.
   *
   * @throws IllegalArgumentException when it is nothing of the kind
   */
  Unanswered readPart(JsonNode node) {
    List<Unanswered.Event> first = new ArrayList<>();
    for (JsonNode event : node.required("first")) {
      first.add(
          new Unanswered.Event(
              event.required("id").textValue(),
              Instant.parse(event.required("written").textValue())));
    }
    return new Unanswered(
        node.required("open").longValue(),
        node.required("overdue").longValue(),
        Optional.ofNullable(node.required("oldest").textValue()).map(Instant::parse),
        first);
  }
}
