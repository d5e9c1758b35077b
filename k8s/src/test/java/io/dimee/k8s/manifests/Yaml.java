package io.dimee.k8s.manifests;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBuilder;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads YAML, and makes typed objects of it that hold no property that their type does not know.
 */
public final class Yaml {
  private final ObjectMapper reader =
      new ObjectMapper(
          YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());
  private final ObjectMapper strict =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new JavaTimeModule())
          .addModule(new SimpleModule().setDeserializerModifier(new WithoutOthers()))
          .build();

  /** The models keep what they do not know, each in a map of its own: that would hide it. */
  private static final class WithoutOthers extends BeanDeserializerModifier {
    private static final long serialVersionUID = 1L;

    @Override
    public BeanDeserializerBuilder updateBuilder(
        DeserializationConfig config, BeanDescription type, BeanDeserializerBuilder builder) {
      builder.setAnySetter(null);
      return builder;
    }
  }

  /** All documents of a file. */
  public List<ObjectNode> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** All documents of a text. */
  public List<ObjectNode> parse(String text) throws IOException {
    try (JsonParser parser = reader.createParser(text)) {
      return reader.readValues(parser, ObjectNode.class).readAll();
    }
  }

  /** A file's only document, with what its aliases and merge keys stand for in their place. */
  public ObjectNode readMerged(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      Object document =
          new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).load(Files.readString(file));
      return strict.valueToTree(document);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  /** A text's only document, of any type. */
  public JsonNode value(String text) throws IOException {
    return reader.readTree(text);
  }

  /** Makes an object, and refuses what the type does not know. */
  public <T> T as(JsonNode node, Class<T> type) throws IOException {
    return strict.treeToValue(node, type);
  }
}
