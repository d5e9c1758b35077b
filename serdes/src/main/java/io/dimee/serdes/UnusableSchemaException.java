package io.dimee.serdes;

/**
 * No record can be read with a schema that others registered; the message is a clause that says
 * why. It is the record's fault: another record has another schema.
 */
final class UnusableSchemaException extends Exception {
  UnusableSchemaException(String why, Throwable cause) {
    super(AvroBody.clipped(why), cause);
  }
}
