package io.dimee.inference.onnx;

import io.dimee.inference.files.NativeCode;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.sun.jna.Function;
import com.sun.jna.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The way to ONNX Runtime, whose library must be loaded by no other: its builds for Linux send
 * telemetry to their maker from 1.29 on, unless a variable of the environment says not to when it
 * is loaded. {@code OrtEnvironment.setTelemetry} comes too late.
 */
public final class OnnxRuntime {
  /** Variable that keeps it from sending; where it has a value already, that is left. */
  public static final String NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  /** Property that names the folder of its libraries, in place of those of the jar. */
  private static final String FOLDER = "onnxruntime.native.path";

  /** In the order in which they are loaded. */
  private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

  private OnnxRuntime() {}

  /** Version of the library. */
  public static String version() {
    return environment().getVersion();
  }

  static OrtEnvironment environment() {
    load();
    return OrtEnvironment.getEnvironment();
  }

  /** The caller's to close. */
  static SessionOptions options() {
    load();
    return new SessionOptions();
  }

  /**
   * Loads the library from where it can be deleted at once. ONNX Runtime would unpack it itself, to
   * where it stays for ever when the process is killed.
   */
  private static synchronized void load() {
    disableTelemetry();
    if (System.getProperty(FOLDER) != null) {
      return;
    }
    String platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
    if (OrtEnvironment.class.getResource(resource(platform, LIBRARIES.get(0))) == null) {
      // not one of those that this knows of
      return;
    }
    Path folder = NativeCode.temporaryFolder();
    try {
      for (String library : LIBRARIES) {
        unpack(resource(platform, library), folder.resolve(System.mapLibraryName(library)));
      }
      System.setProperty(FOLDER, folder.toString());
      OrtEnvironment.getEnvironment();
    } finally {
      delete(folder);
    }
  }

  /** As the jar names it. */
  static String platform(String system, String architecture) {
    String os = system.toLowerCase(Locale.ROOT);
    String name = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    return name + "-" + (architecture.matches("amd64|x86_64") ? "x64" : architecture);
  }

  private static String resource(String platform, String library) {
    return "/ai/onnxruntime/native/%s/%s".formatted(platform, System.mapLibraryName(library));
  }

  private static void unpack(String resource, Path file) {
    try (InputStream library = OrtEnvironment.class.getResourceAsStream(resource)) {
      Files.copy(library, file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack ONNX Runtime's library: %s; is there room in %s?"
              .formatted(e, file.getParent()),
          e);
    }
  }

  private static void delete(Path folder) {
    try {
      for (String library : LIBRARIES) {
        Files.deleteIfExists(folder.resolve(System.mapLibraryName(library)));
      }
      Files.delete(folder);
    } catch (IOException e) {
      // a system that lets nobody delete what is loaded
    }
  }

  /** Java cannot set variables of its own process; who starts it with one spares it that. */
  private static void disableTelemetry() {
    if (System.getenv(NO_TELEMETRY) == null && !Platform.isWindows()) {
      NativeCode.prepareJna();
      Function.getFunction(Platform.C_LIBRARY_NAME, "setenv")
          .invokeInt(new Object[] {NO_TELEMETRY, "1", 0});
    }
  }
}
