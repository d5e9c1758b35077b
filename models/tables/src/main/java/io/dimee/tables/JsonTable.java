package io.dimee.tables;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * JSON objects as rows: one a line, the elements of one array, or those of an object with an array
 * for each split, as {@code {"train": [["text", "label"], ...], "test": ...}}. The first object
 * names the columns; the last form adds one for the split.
 */
final class JsonTable implements Table {
  private static final String SPLIT = "split";
  private static final List<String> PAIR = List.of("text", "label");
  private static final int HEAD = 4_096;

  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private final String name;
  private final FirstBytes.Content content;
  private final Source source;
  private final List<String> columns;
  private Element first;

  /** One row's JSON; null node for one that is malformed. */
  private record Element(long line, String split, JsonNode node, String fault) {}

  private interface Source {
    /** Returns the next element, or null at the end. */
    Element next() throws IOException;
  }

  JsonTable(String name, FirstBytes.Content content) throws IOException {
    this.name = name;
    this.content = content;
    String head = head(content.in());
    boolean isSplits = isSplits(head);
    if (isSplits || head.startsWith("[")) {
      JsonParser json =
          mapper.createParser(
              new InputStreamReader(content.in(), content.encoding().charset().newDecoder()));
      json.nextToken();
      this.source = isSplits ? splits(json) : array(json);
    } else {
      if (head.lines().findFirst().orElse("").strip().equals("{")) {
        throw new UnreadableFileException(
            "%s: the first JSON object spans several lines; valid: one object per line, or an array of objects;"
                    .formatted(name)
                + " jq -c . FILE converts it");
      }
      this.source = lines(new LineReader(content.in(), content.encoding()));
    }
    first = source.next();
    if (first != null && first.fault() != null) {
      throw new UnreadableFileException(
          "%s line %d: %s".formatted(name, first.line(), first.fault()));
    }
    if (first == null) {
      throw new UnreadableFileException(name + " is empty");
    }
    this.columns = columnsOf(first);
  }

  private String head(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    byte[] head = in.readNBytes(HEAD);
    in.reset();
    return new String(head, content.encoding().charset()).strip();
  }

  private boolean isSplits(String head) throws IOException {
    try (JsonParser json = mapper.createParser(head)) {
      return json.nextToken() == JsonToken.START_OBJECT
          && json.nextToken() == JsonToken.FIELD_NAME
          && Split.of(json.currentName()).isPresent()
          && json.nextToken() == JsonToken.START_ARRAY
          && json.nextToken().isStructStart();
    } catch (JsonProcessingException e) {
      // malformed, which is told where it is read
      return false;
    }
  }

  private Source lines(LineReader lines) {
    ObjectMapper whole = mapper.copy().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    return () -> {
      Line line = lines.next();
      while (line != null && LineText.of(name, line).isBlank()) {
        line = lines.next();
      }
      if (line == null) {
        return null;
      }
      try {
        return element(line.number(), null, whole.readTree(line.text()));
      } catch (JsonProcessingException e) {
        return new Element(line.number(), null, null, "not JSON: " + JsonFault.reason(e));
      }
    };
  }

  private Source array(JsonParser json) {
    long[] number = {0};
    return () ->
        reading(
            json,
            () -> {
              if (json.nextToken() == JsonToken.END_ARRAY) {
                if (json.nextToken() != null) {
                  throw new UnreadableFileException(name + ": there is more after the JSON array");
                }
                return null;
              }
              number[0]++;
              return element(number[0], null, mapper.readTree(json));
            });
  }

  private Source splits(JsonParser json) {
    String[] split = {null};
    return () ->
        reading(
            json,
            () -> {
              while (true) {
                JsonToken token = json.nextToken();
                if (split[0] != null && token != JsonToken.END_ARRAY) {
                  long line = json.currentLocation().getLineNr();
                  return element(line, split[0], mapper.readTree(json));
                }
                if (token == JsonToken.END_OBJECT || token == null) {
                  return null;
                }
                split[0] = null;
                if (token == JsonToken.FIELD_NAME) {
                  split[0] = json.currentName();
                  if (json.nextToken() != JsonToken.START_ARRAY) {
                    throw new UnreadableFileException(
                        "%s line %d: %s is not an array"
                            .formatted(name, json.currentLocation().getLineNr(), split[0]));
                  }
                }
              }
            });
  }

  private Element reading(JsonParser json, Source source) throws IOException {
    try {
      return source.next();
    } catch (JsonProcessingException e) {
      throw new UnreadableFileException(
          "%s line %d: malformed JSON: %s"
              .formatted(name, json.currentLocation().getLineNr(), JsonFault.reason(e)),
          e);
    } catch (CharacterCodingException e) {
      throw new UnreadableFileException(
          "%s line %d or after it is not %s"
              .formatted(name, json.currentLocation().getLineNr(), content.encoding().charset()),
          e);
    }
  }

  private static Element element(long line, String split, JsonNode node) {
    boolean isPair = split != null && node.isArray() && node.size() == PAIR.size();
    return node.isObject() || isPair
        ? new Element(line, split, node, null)
        : new Element(line, split, null, "not a JSON object");
  }

  private static List<String> columnsOf(Element first) {
    List<String> columns = new ArrayList<>();
    if (first.split() != null) {
      columns.add(SPLIT);
    }
    if (first.node().isArray()) {
      columns.addAll(PAIR);
    } else {
      first.node().fieldNames().forEachRemaining(columns::add);
    }
    return List.copyOf(columns);
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Row next() throws IOException {
    Element element = first == null ? source.next() : first;
    first = null;
    if (element == null) {
      return null;
    }
    if (element.fault() != null) {
      return Row.malformed(element.line(), element.fault());
    }
    List<String> cells = new ArrayList<>(columns.size());
    for (String column : columns) {
      String cell = cell(element, column);
      if (cell != null && !StandardCharsets.UTF_8.newEncoder().canEncode(cell)) {
        return Row.malformed(element.line(), column + " has half a surrogate pair");
      }
      cells.add(cell);
    }
    return Row.of(element.line(), cells);
  }

  private static String cell(Element element, String column) {
    if (element.split() != null && column.equals(SPLIT)) {
      return element.split();
    }
    JsonNode value =
        element.node().isArray()
            ? element.node().get(PAIR.indexOf(column))
            : element.node().get(column);
    if (value == null || value.isNull()) {
      return null;
    }
    if (value.isArray()) {
      return StreamSupport.stream(value.spliterator(), false)
          .map(JsonTable::text)
          .collect(Collectors.joining(","));
    }
    return text(value);
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  @Override
  public void close() throws IOException {
    content.in().close();
  }
}
