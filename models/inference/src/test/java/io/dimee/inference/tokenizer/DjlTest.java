package io.dimee.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.files.ChildJvm;
import io.dimee.inference.files.NativeCode;
import io.dimee.inference.onnx.OnnxRuntime;
import java.io.IOException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class DjlTest {
  /** With one of these in the environment it does as it is told there. */
  private static final Set<String> TELLING =
      Set.of(
          "DJL_OFFLINE",
          "OPT_OUT_TRACKING",
          "ENGINE_CACHE_DIR",
          "DJL_CACHE_DIR",
          "HOME",
          "XDG_CACHE_HOME",
          OnnxRuntime.NO_TELEMETRY);

  private static final String TOKENS = "tokens: 5";

  @TempDir Path folder;

  /** A process that tokenizes, and prints what it asks the network for instead of asking. */
  static final class Tokenizing {
    private Tokenizing() {}

    public static void main(String[] args) {
      URL.setURLStreamHandlerFactory(
          protocol -> protocol.startsWith("http") ? new Recording() : null);
      try (TextTokenizer tokenizer = TextTokenizer.load(Backbone.NAMES.get(0), 32)) {
        System.out.println("tokens: " + tokenizer.tokenize("a fine film", null).ids().length);
      }
      OnnxRuntime.version();
    }
  }

  private static final class Recording extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) throws IOException {
      System.out.println("asks " + url);
      throw new IOException("there is no network");
    }

    @Override
    protected URLConnection openConnection(URL url, java.net.Proxy proxy) throws IOException {
      return openConnection(url);
    }
  }

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("tmp"));
    Files.createDirectories(folder.resolve("work"));
  }

  private ChildJvm process(String home) {
    return new ChildJvm(folder.resolve("work"), TELLING)
        .option("-Djava.io.tmpdir=" + folder.resolve("tmp"))
        .option("-Duser.home=" + home);
  }

  private static void assertThatOnlyTheOwnerMayUse(Path folder) throws IOException {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void shouldAskNobodyAndLoadWhatNobodyElseMayWriteTo() throws Exception {
    // Given
    Path home = Files.createDirectories(folder.resolve("home"));

    // When
    List<String> output = process(home.toString()).run(Tokenizing.class);

    // Then
    assertThat(output).containsExactly(TOKENS);
    Path own = home.resolve(".cache/dimee/native");
    assertThat(ChildJvm.files(own)).anyMatch(file -> file.contains("tokenizers"));
    assertThatOnlyTheOwnerMayUse(own);
    assertThat(home.toFile().list()).containsExactly(".cache");
    assertThat(home.resolve(".cache").toFile().list()).containsExactly("dimee");
  }

  @Test
  void shouldUnpackToAFolderOfNoKnownNameWithoutAHome() throws Exception {
    // Given a user without account, as the JVM tells it
    // When
    List<String> output = process("?").run(Tokenizing.class);

    // Then
    assertThat(output).containsExactly(TOKENS);
    assertThat(folder.resolve("work").toFile().list()).containsExactly("class-path");
    assertThat(folder.resolve("tmp").toFile().listFiles())
        .singleElement()
        .satisfies(file -> assertThat(file.getName()).matches("dimee-native\\d+"))
        .satisfies(file -> assertThatOnlyTheOwnerMayUse(file.toPath()));
  }

  @Test
  void shouldNotTakeAFolderThatIsALink() throws IOException {
    Path folderOfOthers = Files.createDirectories(folder.resolve("others"));
    Path link = folder.resolve("cache/native");
    Files.createDirectories(link.getParent());
    Files.createSymbolicLink(link, folderOfOthers);

    assertThat(NativeCode.ownFolder(link)).isEmpty();
  }

  @Test
  void shouldShutOthersOutOfAFolderThatWasOpen() throws IOException {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
    Path open = Files.createDirectories(folder.resolve("cache/native"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(NativeCode.ownFolder(open)).contains(open);
    assertThatOnlyTheOwnerMayUse(open);
  }

  @Test
  void shouldTakeNoFolderWhereNoneCanBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "no folder");

    assertThat(NativeCode.ownFolder(file.resolve("native"))).isEmpty();
  }
}
