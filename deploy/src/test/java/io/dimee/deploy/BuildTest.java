package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the poms say once for all modules, and a new module could be forgotten in. */
class BuildTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String TAG = "@Tag(" + "\"slow\")";
  private static final String RUNS_SLOW_TESTS =
      "<dimee.slow.tests>integration-test</dimee.slow.tests>";

  /** Generated code, and code of tests. */
  private static final Set<Path> NOT_CHECKED =
      Set.of(ROOT.resolve("avro"), ROOT.resolve("benchmarks"), ROOT.resolve("testing"));

  private static List<Path> modules() throws IOException {
    try (Stream<Path> files = Files.find(ROOT, 3, (file, kind) -> file.endsWith("pom.xml"))) {
      return files.map(Path::getParent).toList();
    }
  }

  @Test
  void shouldRunSlowTestsInEveryModuleThatHasSome() throws IOException {
    assertThat(modules())
        .filteredOn(BuildTest::hasSlowTests)
        .isNotEmpty()
        .allSatisfy(
            module -> assertThat(module.resolve("pom.xml")).content().contains(RUNS_SLOW_TESTS));
  }

  @Test
  void shouldCheckTheMainCodeOfEveryModule() throws IOException {
    String roots = Files.readString(ROOT.resolve("deploy/pom.xml"));

    assertThat(modules())
        .filteredOn(module -> Files.isDirectory(module.resolve("src/main/java")))
        .filteredOn(module -> !NOT_CHECKED.contains(module))
        .isNotEmpty()
        .allSatisfy(
            module ->
                assertThat(roots)
                    .contains(
                        "<sources>${project.basedir}/../%s/src/main/java</sources>"
                            .formatted(ROOT.relativize(module))));
  }

  private static boolean hasSlowTests(Path module) {
    Path tests = module.resolve("src/test/java");
    if (!Files.isDirectory(tests)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(tests)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .anyMatch(file -> read(file).contains(TAG));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
