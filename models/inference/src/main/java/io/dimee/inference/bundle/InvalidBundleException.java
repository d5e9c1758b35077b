package io.dimee.inference.bundle;

/** A bundle that cannot be used: missing, damaged, or made for another backbone. */
public final class InvalidBundleException extends RuntimeException {
  /** Creates the exception with a message that names the bundle and the defect. */
  public InvalidBundleException(String message) {
    super(message);
  }

  /** Creates the exception with its cause. */
  public InvalidBundleException(String message, Throwable cause) {
    super(message, cause);
  }
}
