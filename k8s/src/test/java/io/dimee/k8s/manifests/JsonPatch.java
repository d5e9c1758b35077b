package io.dimee.k8s.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The part of RFC 6902 that the overlays use: add, replace and test. */
final class JsonPatch {
  private JsonPatch() {}

  /** Changes a document in place. */
  static void apply(JsonNode patch, ObjectNode document) {
    patch.forEach(operation -> one(operation, document));
  }

  private static void one(JsonNode operation, ObjectNode document) {
    JsonPointer path = JsonPointer.compile(operation.required("path").textValue());
    String kind = operation.required("op").textValue();
    JsonNode value = operation.required("value");
    JsonNode parent = document.at(path.head());
    boolean there = !document.at(path).isMissingNode();
    boolean done =
        switch (kind) {
          case "add" -> add(parent, path.last(), value.deepCopy());
          case "replace" -> there && replace(parent, path.last(), value.deepCopy());
          case "test" -> document.at(path).equals(value);
          default -> false;
        };
    if (!done) {
      throw new IllegalArgumentException("cannot %s %s".formatted(kind, path));
    }
  }

  private static boolean add(JsonNode parent, JsonPointer last, JsonNode value) {
    int index = last.getMatchingIndex();
    if (parent instanceof ArrayNode array && index >= 0 && index <= array.size()) {
      array.insert(index, value);
      return true;
    }
    return parent instanceof ObjectNode && replace(parent, last, value);
  }

  private static boolean replace(JsonNode parent, JsonPointer last, JsonNode value) {
    if (parent instanceof ArrayNode array) {
      array.set(last.getMatchingIndex(), value);
    } else {
      ((ObjectNode) parent).set(last.getMatchingProperty(), value);
    }
    return true;
  }
}
