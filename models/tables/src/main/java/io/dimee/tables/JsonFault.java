package io.dimee.tables;

import com.fasterxml.jackson.core.JsonProcessingException;

/** What is wrong with JSON, for people. */
public final class JsonFault {
  private JsonFault() {}

  /** The reason, without the library's own names for places and settings. */
  public static String reason(JsonProcessingException e) {
    return e.getOriginalMessage()
        .replaceFirst("( \\((start marker at|bound as)|: (not allowed|enable )).*", "");
  }
}
