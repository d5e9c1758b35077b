package io.dimee.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxRuntimeTest {
  /** With one of these in the environment it sends nothing anyway. */
  private static final Set<String> MUTING =
      Set.of(OnnxRuntime.NO_TELEMETRY, "ORT_RUNNING_UNIT_TESTS", "CI");

  /** A process that loads it. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      System.out.println(OnnxRuntime.version());
    }
  }

  /** What sends begins with an id of the machine and what it has not sent yet, as files. */
  @Test
  void shouldNotPrepareToSendTelemetry(@TempDir Path home) throws Exception {
    // Given a process without the variable
    Path classPath = home.resolve("class-path");
    Files.writeString(classPath, "-cp " + System.getProperty("java.class.path"));
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "@" + classPath,
                Loading.class.getName())
            .redirectErrorStream(true);
    builder.environment().keySet().removeAll(MUTING);
    builder.environment().put("HOME", home.toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());

    // When
    Process process = builder.start();
    List<String> output = process.inputReader().lines().toList();

    // Then
    assertThat(process.waitFor()).as(output.toString()).isZero();
    assertThat(output).singleElement().asString().matches("[0-9.]+");
    assertThat(files(home))
        .contains("class-path")
        .noneMatch(file -> file.contains("onnxruntime") || file.contains("Microsoft"));
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.map(folder::relativize).map(Path::toString).toList();
    }
  }
}
