package io.dimee.tables;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A part of a data set. */
public enum Split {
  /** Rows to train and calibrate on. */
  TRAIN("train", "training"),
  /** Rows to measure on. */
  DEV("dev", "valid", "validation", "val"),
  /** Rows to measure on at last. */
  TEST("test");

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot change
  private final List<String> names;

  Split(String... names) {
    this.names = List.of(names);
  }

  /** What data sets call it: names of files, values of a column {@code split}. */
  public List<String> names() {
    return names;
  }

  /** The split of a name such as {@code dev}, or {@code oos_val}. */
  public static Optional<Split> of(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT);
    String last = plain.substring(Math.max(plain.lastIndexOf('_'), plain.lastIndexOf('-')) + 1);
    for (Split split : values()) {
      if (split.names.contains(last)) {
        return Optional.of(split);
      }
    }
    return Optional.empty();
  }
}
