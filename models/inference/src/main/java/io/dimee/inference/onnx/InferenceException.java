package io.dimee.inference.onnx;

/** ONNX Runtime could not load or run a segment. */
public final class InferenceException extends RuntimeException {
  /** Creates the exception. */
  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
