package io.dimee.serdes;

import org.apache.kafka.common.KafkaException;

/**
 * The schema registry did not do what was asked. It says nothing about any record: whoever meets it
 * stops, and what was to be read or written is read or written later.
 */
public final class RegistryException extends KafkaException {
  RegistryException(String message, Throwable cause) {
    super(message, cause);
  }

  RegistryException(String message) {
    super(message);
  }
}
