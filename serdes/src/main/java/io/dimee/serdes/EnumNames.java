package io.dimee.serdes;

import java.util.Locale;

/** Enums' names as metrics, traces, JSON and the command line have them. */
public final class EnumNames {
  private EnumNames() {}

  /** The name in lower case. */
  public static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
