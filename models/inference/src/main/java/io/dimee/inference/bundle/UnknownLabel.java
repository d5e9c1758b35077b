package io.dimee.inference.bundle;

/** The label of an answer that is withheld, since none of the classes is likely enough. */
public final class UnknownLabel {
  /** In the place of a class's index. */
  public static final int INDEX = -1;

  /** In the place of a class's name. */
  public static final String NAME = "unknown";

  private UnknownLabel() {}
}
