package io.dimee.calibration.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.tables.TableFile;
import io.dimee.tables.TableFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a bundle records of how its data set is read, so that its rows are found again without being
 * told how.
 */
final class ReadingJson {
  private ReadingJson() {}

  static ObjectNode of(Reading reading) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    reading.layout().format().ifPresent(format -> node.put("format", format.name()));
    if (!reading.layout().labelPrefix().equals(TableFile.FASTTEXT_PREFIX)) {
      node.put("label_prefix", reading.layout().labelPrefix());
    }
    ColumnChoice columns = reading.columns();
    if (!columns.text().isEmpty()) {
      columns.text().forEach(node.putArray("text_column")::add);
    }
    columns.pair().ifPresent(name -> node.put("pair_column", name));
    columns.label().ifPresent(name -> node.put("label_column", name));
    LabelRules labels = reading.labels();
    if (!labels.names().isEmpty()) {
      ObjectNode map = node.putObject("label_map");
      labels.names().forEach(map::put);
    }
    labels.pattern().ifPresent(pattern -> node.put("label_pattern", pattern.pattern()));
    if (!labels.dropped().isEmpty()) {
      labels.dropped().stream().sorted().forEach(node.putArray("drop_labels")::add);
    }
    labels.unknown().ifPresent(label -> node.put("unknown_label", label));
    return node;
  }

  /** The same as it was, for given classes. */
  static Reading read(JsonNode node, List<String> classes) {
    TableFile.Layout layout =
        new TableFile.Layout(
            text(node, "format").map(TableFormat::valueOf),
            true,
            text(node, "label_prefix").orElse(TableFile.FASTTEXT_PREFIX));
    Map<String, String> names = new LinkedHashMap<>();
    node.path("label_map").properties().forEach(e -> names.put(e.getKey(), e.getValue().asText()));
    return Reading.of(
        layout,
        new ColumnChoice(
            texts(node, "text_column"), text(node, "pair_column"), text(node, "label_column")),
        new LabelRules(
            classes,
            names,
            text(node, "label_pattern").map(Pattern::compile),
            Set.copyOf(texts(node, "drop_labels")),
            text(node, "unknown_label")));
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.hasNonNull(field) ? Optional.of(node.get(field).asText()) : Optional.empty();
  }

  private static List<String> texts(JsonNode node, String field) {
    List<String> texts = new ArrayList<>();
    node.path(field).forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
