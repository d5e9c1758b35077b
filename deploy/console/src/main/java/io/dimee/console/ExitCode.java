package io.dimee.console;

/** What a command ends with; a contract that scripts rely on. */
public final class ExitCode {
  /** Done. */
  public static final int DONE = 0;

  /** Failed while running. */
  public static final int FAILED = 1;

  /** Wrong use or configuration. */
  public static final int WRONG_USE = 2;

  private ExitCode() {}
}
