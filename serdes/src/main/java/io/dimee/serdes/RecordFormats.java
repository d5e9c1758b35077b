package io.dimee.serdes;

import org.apache.avro.specific.SpecificRecord;

/** The wire formats of a process: one implementation for all topics, chosen by configuration. */
public interface RecordFormats extends AutoCloseable {
  /** Returns the format of a type of record; the same object each time. */
  <T extends SpecificRecord> RecordFormat<T> of(Class<T> type);

  /**
   * Finds out whether a topic can be written, so that a process fails at start and not at its first
   * record.
   *
   * @throws RegistryException when it cannot
   */
  default void prepare(String topic, Class<? extends SpecificRecord> type) {
    // only a registry has to be asked
  }

  @Override
  default void close() {
    // only a registry's client holds anything
  }
}
