package io.dimee.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.files.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxRuntimeTest {
  /** With one of these in the environment it sends nothing anyway. */
  private static final Set<String> MUTING =
      Set.of(OnnxRuntime.NO_TELEMETRY, "ORT_RUNNING_UNIT_TESTS", "CI");

  /** A process that loads it, and ends without cleaning up. */
  static final class Halting {
    private Halting() {}

    public static void main(String[] args) {
      OnnxRuntime.options().close();
      Runtime.getRuntime().halt(0);
    }
  }

  /** A process that loads it. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      System.out.println(OnnxRuntime.version());
    }
  }

  @Test
  void shouldLeaveNoFileWhenItIsKilled(@TempDir Path folder) throws Exception {
    // Given a process that halts, as one that is killed does, once it has loaded the library
    Path temporary = Files.createDirectories(folder.resolve("tmp"));

    // When
    new ChildJvm(folder, Set.of()).option("-Djava.io.tmpdir=" + temporary).run(Halting.class);

    // Then at most the empty folder is left that ONNX Runtime makes and does not use
    try (Stream<Path> left = Files.walk(temporary)) {
      assertThat(left.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x64",
    "Linux, aarch64, linux-aarch64",
    "Mac OS X, aarch64, osx-aarch64",
    "Windows 11, amd64, win-x64"
  })
  void shouldKnowItsLibraryForEachPlatform(String system, String architecture, String platform) {
    assertThat(OnnxRuntime.platform(system, architecture)).isEqualTo(platform);
  }

  /** What sends begins with an id of the machine and what it has not sent yet, as files. */
  @Test
  void shouldNotPrepareToSendTelemetry(@TempDir Path home) throws Exception {
    // Given a process without the variable
    ChildJvm process =
        new ChildJvm(home, MUTING)
            .variable("HOME", home.toString())
            .variable("XDG_CACHE_HOME", home.resolve("cache").toString());

    // When
    List<String> output = process.run(Loading.class);

    // Then
    assertThat(output).singleElement().asString().matches("[0-9.]+");
    assertThat(ChildJvm.files(home))
        .contains("class-path")
        .noneMatch(file -> file.contains("onnxruntime") || file.contains("Microsoft"));
  }
}
