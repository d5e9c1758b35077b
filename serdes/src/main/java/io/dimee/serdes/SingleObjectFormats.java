package io.dimee.serdes;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.specific.SpecificRecord;

/** Avro single-object encoding for every type of record; needs no registry. */
public final class SingleObjectFormats implements RecordFormats {
  private final Map<Class<?>, RecordFormat<?>> formats = new ConcurrentHashMap<>();

  @Override
  @SuppressWarnings("unchecked") // the map pairs each class with its own format
  public <T extends SpecificRecord> RecordFormat<T> of(Class<T> type) {
    return (RecordFormat<T>)
        formats.computeIfAbsent(type, t -> new SingleObjectFormat<>(type, java.util.List.of()));
  }
}
