package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryFailureTest {
  private final LinkageError unmapped =
      new UnsatisfiedLinkError("liba.so: failed to map segment from shared object");

  @TempDir Path directory;

  @Test
  void shouldTellAFolderThatNothingRunsFrom() {
    assertThat(new LibraryFailure(directory, probe -> false).explain(unmapped))
        .startsWith("cannot load a native library: liba.so: failed to map segment")
        .contains("nothing can be run from " + directory, "noexec", "-Djava.io.tmpdir=DIR");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldAskForRoomWhereProgramsRun() {
    assertThat(new LibraryFailure(directory, Files::isExecutable).explain(unmapped))
        .containsPattern("is there room in %s\\? \\d+ MiB are free$".formatted(directory));
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldSayWhatCannotBeWritten() {
    Path missing = directory.resolve("missing");

    assertThat(new LibraryFailure(missing, Files::isExecutable).explain(unmapped))
        .contains(missing + " cannot be written: ");
  }

  @Test
  void shouldLookAtTheFolderOfTheLibrary() throws Exception {
    // Given an error of an initializer, as of DuckDB's driver
    Path folder = Files.createDirectory(directory.resolve("libraries"));
    LinkageError failure =
        new ExceptionInInitializerError(
            new IllegalStateException(folder.resolve("a.so") + ": no such symbol"));

    assertThat(new LibraryFailure(directory, Files::isExecutable).explain(failure))
        .contains("no such symbol; is there room in " + folder + "?");
  }

  @Test
  void shouldFindTheLibraryBehindOtherFailures() {
    assertThat(LibraryFailure.in(new CompletionException(unmapped))).containsSame(unmapped);
    assertThat(LibraryFailure.in(new IllegalStateException("other"))).isEmpty();
    assertThat(LibraryFailure.in(new NoSuchMethodError("a class path"))).isEmpty();
  }
}
