package io.dimee.serdes;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * A schema that anybody may have registered, with those that it refers to. Avro's parser and reader
 * take time and stack by what it says, so it is held to bounds that no schema of a record of this
 * program comes near.
 *
 * <p>Not safe for several threads.
 */
final class ForeignSchema {
  /** Avro's parser takes time with the square of a text's length; a second for this one. */
  private static final int MOST_CHARACTERS = 64 * 1024;

  private static final int MOST_REFERENCES = 100;
  private static final String AVRO = "AVRO";

  private final String name;
  private final Schema.Parser parser = new Schema.Parser();
  private final Set<String> begun = new HashSet<>();
  private int characters;

  /**
   * Begins with nothing.
   *
   * @param name for messages
   */
  ForeignSchema(String name) {
    this.name = name;
  }

  /** Whether a schema that is referred to has not been begun before. */
  boolean begin(String reference) throws UnusableSchemaException {
    if (begun.size() == MOST_REFERENCES) {
      throw new UnusableSchemaException(
          "its %s refers to more than %d others".formatted(name, MOST_REFERENCES), null);
    }
    return begun.add(reference);
  }

  /** Adds a schema that others refer to, after those that it refers to itself. */
  void add(String type, String text) throws UnusableSchemaException {
    parse(type, text);
  }

  /** Parses the schema itself, after all that it refers to. */
  Schema complete(String type, String text) throws UnusableSchemaException {
    Schema schema = parse(type, text);
    String excess = SchemaBounds.excess(schema);
    if (excess != null) {
      throw new UnusableSchemaException("its %s %s".formatted(name, excess), null);
    }
    return schema;
  }

  private Schema parse(String type, String text) throws UnusableSchemaException {
    // a registry need not name the type of those that have been there longest
    if (type != null && !type.equals(AVRO)) {
      throw new UnusableSchemaException("its %s is %s, not Avro".formatted(name, type), null);
    }
    characters += text.length();
    if (characters > MOST_CHARACTERS) {
      throw new UnusableSchemaException(
          "its %s has more than %d characters".formatted(name, MOST_CHARACTERS), null);
    }
    try {
      return parser.parse(text);
    } catch (RuntimeException e) {
      // Avro reports what it dislikes in many ways, NullPointerException among them; the text is
      // all that is read, so it is at fault
      throw new UnusableSchemaException(
          "its %s cannot be parsed: %s".formatted(name, e.getMessage()), e);
    }
  }
}
