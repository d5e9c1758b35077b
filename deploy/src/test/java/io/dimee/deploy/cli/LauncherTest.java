package io.dimee.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dimee.deploy.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that starts the program, with a java that says how it was started. */
class LauncherTest {
  private static final String ACCENT = "caf\u00e9";

  @TempDir Path directory;

  @BeforeEach
  void install() throws IOException {
    Files.copy(Path.of("../dimee"), directory.resolve("dimee"));
    script(
        "jdk/bin/java",
        "#!/bin/bash\necho \"$(locale charmap)\"\nprintf '%s\\n' \"${LC_ALL:-}\" \"$@\"\n");
    Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    // what is built is newer than what it is built of
    Files.createDirectories(directory.resolve("deploy/target"));
    Files.createFile(directory.resolve("deploy/target/.built"));
  }

  private void script(String name, String text) throws IOException {
    Path script = directory.resolve(name);
    Files.createDirectories(script.getParent());
    Files.writeString(script, text);
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  /** What java was told; a word that is not ASCII is written by the shell, not by this JVM. */
  private List<String> start(Map<String, String> environment, String command)
      throws IOException, InterruptedException {
    return run(environment, "bash dimee %s $'caf\\xc3\\xa9'".formatted(command));
  }

  private List<String> run(Map<String, String> environment, String script)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(directory.toFile())
            // bash says there when it does not know a locale
            .redirectError(directory.resolve("errors").toFile())
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
    builder.environment().put("JAVA_HOME", directory.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(Files.readString(directory.resolve("errors"))).isZero();
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "xx_XX.UTF-8"})
  void shouldGiveTheJvmALocaleOfUtf8WhereThereIsNone(String locale) throws Exception {
    assertThat(start(Map.of("LC_ALL", locale), "query"))
        .startsWith("UTF-8")
        .endsWith("io.dimee.cli.Dimee", "query", ACCENT);
    assertThat(start(Map.of("LANG", locale), "query")).startsWith("UTF-8");
  }

  @Test
  void shouldGiveTheJvmALocaleWhereNoneIsSet() throws Exception {
    assertThat(start(Map.of(), "run")).startsWith("UTF-8");
  }

  @Test
  void shouldLeaveALocaleOfUtf8AsItIs() throws Exception {
    assertThat(start(Map.of("LANG", "C.UTF-8"), "run")).startsWith("UTF-8", "");
  }

  @Test
  void shouldTakeAnotherLocaleOfUtf8WhereThatIsMissing() throws Exception {
    // Given a system that knows only one other
    script(
        "bin/locale",
        """
        #!/bin/bash
        case "$1:${LC_ALL:-}" in
          -a:*) printf 'C\\nde_DE.iso88591\\nde_DE.utf8\\nen_US.utf8\\n' ;;
          charmap:de_DE.utf8) echo UTF-8 ;;
          *) echo ANSI_X3.4-1968 ;;
        esac
        """);
    String path = directory.resolve("bin") + ":" + System.getenv("PATH");

    // Then bash itself may not know it, and says so
    assertThat(start(Map.of("LC_ALL", "C", "PATH", path), "run")).contains("de_DE.utf8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec \"$@\" --topic-prefix $'caf\\xc3\\xa9'",
        "DIMEE_TOPIC_PREFIX=$'caf\\xc3\\xa9' exec \"$@\""
      })
  void shouldBeToldWhatTheLocaleLosesWithoutTheScript(String script) throws Exception {
    try (JavaProcess process =
        JavaProcess.startFrom(directory, "locale", "export LC_ALL=C; " + script, "predictions")) {
      assertThat(process.waitFor(60)).isEqualTo(2);
    }
    assertThat(directory.resolve("locale-err.log"))
        .hasContent(
            "dimee: arguments or variables have characters that the locale's encoding lacks:"
                + " ANSI_X3.4-1968; set LC_ALL=C.UTF-8");
  }

  @Test
  void shouldSayWhatIsATerminal() throws Exception {
    assumeThat(Path.of("/usr/bin/script")).exists();
    assertThat(start(Map.of(), "run"))
        .contains("-Ddimee.terminal=false", "-Ddimee.terminal.output=false");
    assertThat(run(Map.of(), "script -qec 'bash dimee run' /dev/null"))
        .contains("-Ddimee.terminal=true", "-Ddimee.terminal.output=true");
  }
}
