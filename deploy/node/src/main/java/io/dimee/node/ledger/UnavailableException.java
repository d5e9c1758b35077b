package io.dimee.node.ledger;

/** Some part of a store cannot be read now, as while partitions move. */
public final class UnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
