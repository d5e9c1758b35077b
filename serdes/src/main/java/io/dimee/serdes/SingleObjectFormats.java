package io.dimee.serdes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Avro single-object encoding for every type of record; needs no registry. */
public final class SingleObjectFormats implements RecordFormats {
  private final List<Schema> others;
  private final Map<Class<?>, RecordFormat<?>> formats = new ConcurrentHashMap<>();

  /** Creates formats that read what this build and those before it have written. */
  public SingleObjectFormats() {
    this(List.of());
  }

  /**
   * Creates formats that also read what others have written.
   *
   * @param others writer schemas of any types of record; each format uses those with its type's
   *     full name
   */
  public SingleObjectFormats(List<Schema> others) {
    this.others = List.copyOf(others);
  }

  @Override
  @SuppressWarnings("unchecked") // the map pairs each class with its own format
  public <T extends SpecificRecord> RecordFormat<T> of(Class<T> type) {
    return (RecordFormat<T>)
        formats.computeIfAbsent(type, t -> new SingleObjectFormat<>(type, others));
  }
}
