package io.dimee.avro;

import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/** Whether each of two schemas reads what the other has written. */
final class FullCompatibility {
  private FullCompatibility() {}

  /** Returns what is incompatible, in either direction; empty when nothing is. */
  static List<String> violations(Schema current, Schema earlier) {
    return Stream.concat(
            incompatibilities(current, earlier).map(what -> "cannot read earlier records: " + what),
            incompatibilities(earlier, current).map(what -> "earlier readers fail: " + what))
        .toList();
  }

  private static Stream<String> incompatibilities(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(FullCompatibility::describe);
  }

  private static String describe(Incompatibility incompatibility) {
    return "%s at %s: %s"
        .formatted(
            incompatibility.getType(), incompatibility.getLocation(), incompatibility.getMessage());
  }
}
