package io.dimee.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.sun.jna.Function;
import com.sun.jna.Platform;

/**
 * The way to ONNX Runtime, whose library must be loaded by no other: its builds for Linux send
 * telemetry to their maker from 1.29 on, unless a variable of the environment says not to when it
 * is loaded. {@code OrtEnvironment.setTelemetry} comes too late.
 */
public final class OnnxRuntime {
  /** Variable that keeps it from sending; where it has a value already, that is left. */
  public static final String NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  private OnnxRuntime() {}

  /** Version of the library. */
  public static String version() {
    return environment().getVersion();
  }

  static OrtEnvironment environment() {
    disableTelemetry();
    return OrtEnvironment.getEnvironment();
  }

  /** The caller's to close. */
  static SessionOptions options() {
    disableTelemetry();
    return new SessionOptions();
  }

  /** Java cannot set variables of its own process; who starts it with one spares it that. */
  private static void disableTelemetry() {
    if (System.getenv(NO_TELEMETRY) == null && !Platform.isWindows()) {
      Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
          .invokeInt(new Object[] {NO_TELEMETRY, "1", 0});
    }
  }
}
