package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts the command line, with a JVM that only says what it was given. */
class LauncherTest {
  @TempDir Path home;

  /** Arguments of the JVM. */
  private List<String> launch(String... arguments) throws IOException, InterruptedException {
    Path java = home.resolve("jdk/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
    Path launcher = Files.copy(Path.of("../dimee"), home.resolve("dimee"));
    // as after a build
    Files.createDirectories(home.resolve("deploy/target"));
    Files.createFile(home.resolve("deploy/target/.built"));
    List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", home.resolve("jdk").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobile", "run", "query"})
  void shouldEndAProcessThatHasRunOutOfMemory(String command) throws Exception {
    assertThat(launch(command)).contains("-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void shouldEndAProcessOfTheImageThatHasRunOutOfMemory() throws IOException {
    assertThat(Files.readAllLines(Path.of("image/jvm.options")))
        .contains("-XX:+ExitOnOutOfMemoryError");
  }
}
