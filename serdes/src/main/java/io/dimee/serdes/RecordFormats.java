package io.dimee.serdes;

import org.apache.avro.specific.SpecificRecord;

/** The wire formats of a process: one implementation for all topics, chosen by configuration. */
public interface RecordFormats {
  /** Returns the format of a type of record; the same object each time. */
  <T extends SpecificRecord> RecordFormat<T> of(Class<T> type);
}
