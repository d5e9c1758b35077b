package io.dimee.console;

/**
 * Whether people look on. The launcher says so, which can ask the system; since JDK 22
 * System.console() is no answer.
 */
public final class Terminal {
  private static final String ERROR = "dimee.terminal";
  private static final String OUTPUT = "dimee.terminal.output";

  private Terminal() {}

  /** Whether standard error is a terminal. */
  static boolean isError() {
    return Boolean.getBoolean(ERROR);
  }

  /** Whether standard output is a terminal. */
  public static boolean isOutput() {
    return Boolean.getBoolean(OUTPUT);
  }
}
