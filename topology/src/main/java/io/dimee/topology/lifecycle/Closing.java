package io.dimee.topology.lifecycle;

/** Closes several things, also when one of them cannot be. */
public final class Closing {
  private Closing() {}

  /**
   * Closes all, in their order, and lets each come to its end, also in a thread that is
   * interrupted.
   *
   * @param cause why they are closed, or null when nothing has gone wrong
   * @param all null for those that were never opened
   * @return the cause, or else the first failure; with the failures after it suppressed, or null
   */
  public static Throwable all(Throwable cause, AutoCloseable... all) {
    boolean interrupted = Thread.interrupted();
    Throwable failure = cause;
    for (AutoCloseable one : all) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Throwable e) {
        // whoever gets the failure sees this one too
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure;
  }
}
