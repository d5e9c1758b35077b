package io.dimee.client.outcomes;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.serdes.EnumNames;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/**
 * A field of a record: its name, what it holds, and how it is written.
 *
 * @param <T> the records
 * @param isInLines whether lines for people and scripts have it, of a record; rows always do
 */
public record RecordField<T>(
    String name, FieldType type, Predicate<T> isInLines, Writer<T> writer) {
  /**
   * What is written: lines for people and scripts, or rows of a table.
   *
   * @param isWhole whether every field is there
   * @param time number that stands for a time
   */
  public record Form(boolean isWhole, ToLongFunction<Instant> time) {
    /** A line, which leaves out what a record lacks. */
    static final Form LINE = new Form(false, Instant::toEpochMilli);
  }

  /** Writes a field's value. */
  @FunctionalInterface
  interface Writer<T> {
    /** Writes it, without its name. */
    void write(T of, JsonGenerator json, Form form) throws IOException;
  }

  /** Reads a number of single precision. */
  @FunctionalInterface
  interface ToFloat<T> {
    /** Reads it. */
    float of(T of);
  }

  /** Writes a record as one object. */
  public static <T> void write(List<RecordField<T>> fields, T of, JsonGenerator json, Form form)
      throws IOException {
    json.writeStartObject();
    for (RecordField<T> field : fields) {
      if (form.isWhole() || field.isInLines.test(of)) {
        json.writeFieldName(field.name);
        field.writer.write(of, json, form);
      }
    }
    json.writeEndObject();
  }

  private static <T> RecordField<T> always(String name, FieldType type, Writer<T> writer) {
    return new RecordField<>(name, type, of -> true, writer);
  }

  private static <T> RecordField<T> unlessEmpty(
      String name, FieldType type, Function<T, ? extends Collection<?>> of, Writer<T> writer) {
    return new RecordField<>(name, type, value -> !of.apply(value).isEmpty(), writer);
  }

  static <T> RecordField<T> text(String name, Function<T, String> of) {
    return always(name, FieldType.Scalar.TEXT, (v, json, form) -> json.writeString(of.apply(v)));
  }

  /** An enum's value in lower case. */
  static <T> RecordField<T> word(String name, Function<T, Enum<?>> of) {
    return text(name, value -> EnumNames.lower(of.apply(value)));
  }

  static <T> RecordField<T> integer(String name, ToIntFunction<T> of) {
    return always(
        name, FieldType.Scalar.INT, (v, json, form) -> json.writeNumber(of.applyAsInt(v)));
  }

  /** One that may be missing. */
  static <T> RecordField<T> optional(String name, Function<T, Integer> of) {
    return new RecordField<>(
        name, FieldType.Scalar.INT, value -> of.apply(value) != null, orNull(of));
  }

  /** One that may be null, and is then written as that. */
  static <T> RecordField<T> nullable(String name, Function<T, Integer> of) {
    return always(name, FieldType.Scalar.INT, orNull(of));
  }

  private static <T> Writer<T> orNull(Function<T, Integer> of) {
    return (v, json, form) -> {
      Integer value = of.apply(v);
      if (value == null) {
        json.writeNull();
      } else {
        json.writeNumber(value);
      }
    };
  }

  static <T> RecordField<T> number(String name, ToLongFunction<T> of) {
    return always(
        name, FieldType.Scalar.LONG, (v, json, form) -> json.writeNumber(of.applyAsLong(v)));
  }

  static <T> RecordField<T> single(String name, ToFloat<T> of) {
    return always(name, FieldType.Scalar.FLOAT, (v, json, form) -> json.writeNumber(of.of(v)));
  }

  static <T> RecordField<T> real(String name, ToDoubleFunction<T> of) {
    return always(
        name, FieldType.Scalar.DOUBLE, (v, json, form) -> json.writeNumber(of.applyAsDouble(v)));
  }

  static <T> RecordField<T> flag(String name, Predicate<T> of) {
    return always(name, FieldType.Scalar.BOOLEAN, (v, json, form) -> json.writeBoolean(of.test(v)));
  }

  /** A time, which only rows have. */
  static <T> RecordField<T> time(String name, Function<T, Instant> of) {
    return new RecordField<>(
        name,
        FieldType.Scalar.TIME,
        value -> false,
        (v, json, form) -> json.writeNumber(form.time().applyAsLong(of.apply(v))));
  }

  private static <T> Writer<T> floats(Function<T, List<Float>> of) {
    return (v, json, form) -> {
      json.writeStartArray();
      for (float value : of.apply(v)) {
        json.writeNumber(value);
      }
      json.writeEndArray();
    };
  }

  /** Numbers, in lines even when there are none. */
  static <T> RecordField<T> singles(String name, Function<T, List<Float>> of) {
    return always(name, new FieldType.ListOf(FieldType.Scalar.FLOAT), floats(of));
  }

  /** Numbers, if any. */
  static <T> RecordField<T> anySingles(String name, Function<T, List<Float>> of) {
    return unlessEmpty(name, new FieldType.ListOf(FieldType.Scalar.FLOAT), of, floats(of));
  }

  static <T, S> RecordField<T> struct(String name, Function<T, S> of, List<RecordField<S>> fields) {
    return always(
        name,
        new FieldType.Struct(fields),
        (v, json, form) -> write(fields, of.apply(v), json, form));
  }

  /** Structs, if any. */
  static <T, S> RecordField<T> anyStructs(
      String name, Function<T, List<S>> of, List<RecordField<S>> fields) {
    return unlessEmpty(
        name,
        new FieldType.ListOf(new FieldType.Struct(fields)),
        of,
        (v, json, form) -> {
          json.writeStartArray();
          for (S value : of.apply(v)) {
            write(fields, value, json, form);
          }
          json.writeEndArray();
        });
  }

  /** Texts by name, if any. */
  static <T> RecordField<T> anyTexts(String name, Function<T, Map<String, String>> of) {
    return unlessEmpty(
        name,
        new FieldType.Texts(),
        value -> of.apply(value).keySet(),
        (v, json, form) -> {
          json.writeStartObject();
          for (Map.Entry<String, String> entry : of.apply(v).entrySet()) {
            json.writeStringField(entry.getKey(), entry.getValue());
          }
          json.writeEndObject();
        });
  }
}
