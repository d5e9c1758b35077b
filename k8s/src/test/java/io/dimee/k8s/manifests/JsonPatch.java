package io.dimee.k8s.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The part of RFC 6902 that the overlays use: add and replace. */
final class JsonPatch {
  private JsonPatch() {}

  /** Changes a document in place. */
  static void apply(JsonNode patch, ObjectNode document) {
    patch.forEach(operation -> one(operation, document));
  }

  private static void one(JsonNode operation, ObjectNode document) {
    JsonPointer path = JsonPointer.compile(operation.required("path").textValue());
    String kind = operation.required("op").textValue();
    JsonNode parent = document.at(path.head());
    String name = path.last().getMatchingProperty();
    boolean there = !document.at(path).isMissingNode();
    if (parent instanceof ObjectNode object && isAllowed(kind, there)) {
      object.set(name, operation.required("value").deepCopy());
    } else if (parent instanceof ArrayNode array && kind.equals("replace") && there) {
      array.set(path.last().getMatchingIndex(), operation.required("value").deepCopy());
    } else {
      throw new IllegalArgumentException("cannot %s %s".formatted(kind, path));
    }
  }

  private static boolean isAllowed(String kind, boolean there) {
    return kind.equals("add") || (kind.equals("replace") && there);
  }
}
