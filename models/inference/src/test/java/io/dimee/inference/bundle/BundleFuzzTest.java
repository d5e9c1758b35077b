package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The files of a bundle, spoilt: they are read or refused, with no other exception. */
class BundleFuzzTest {
  private static final String SOME_HASH = "ab".repeat(32);
  private static FileSystem files;
  private static Path directory;
  private static byte[] manifest;
  private static byte[] tensors;

  @BeforeContainer
  static void write() throws IOException {
    files = Jimfs.newFileSystem(Configuration.unix());
    directory = files.getPath("/bundle");
    TestBundles.write(directory, 0.9, SOME_HASH);
    manifest = Files.readAllBytes(directory.resolve(Bundle.MANIFEST));
    Path file = files.getPath("/small.safetensors");
    SafeTensors.write(
        file,
        Map.of(
            "a", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3), "b", Tensor.of(new float[2], 2)),
        SafeTensors.Precision.F16);
    tensors = Files.readAllBytes(file);
  }

  @AfterContainer
  static void close() throws IOException {
    files.close();
  }

  /** Some bytes in place of others. */
  record Patch(int place, int length, String text) {
    byte[] applyTo(byte[] bytes) {
      String whole = new String(bytes, StandardCharsets.ISO_8859_1);
      int begin = place % whole.length();
      int end = Math.min(whole.length(), begin + length);
      return (whole.substring(0, begin) + text + whole.substring(end))
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  @Provide
  Arbitrary<List<Patch>> patches() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "",
            "0",
            "-1",
            "9",
            "1e999",
            "null",
            "true",
            "[",
            "]",
            "{",
            "}",
            "\"",
            ",",
            ":",
            "[[[",
            "\u0000",
            "\u00ff",
            "2147483648",
            "9223372036854775807",
            "\\ud800");
    return Combinators.combine(
            Arbitraries.integers().between(0, 100_000),
            Arbitraries.integers().between(0, 8),
            pieces)
        .as(Patch::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  private static byte[] patched(byte[] bytes, List<Patch> patches) {
    byte[] patched = bytes;
    for (Patch patch : patches) {
      patched = patch.applyTo(patched);
    }
    return patched;
  }

  @Property
  void shouldReadOrRefuseManifests(@ForAll("patches") List<Patch> patches) throws IOException {
    Files.write(directory.resolve(Bundle.MANIFEST), patched(manifest, patches));

    try {
      assertThat(Bundle.open(directory).modelId()).isNotEmpty();
    } catch (InvalidBundleException e) {
      assertThat(e).hasMessageContaining("/bundle").hasMessageNotContaining("\n");
    }
  }

  @Property
  void shouldReadOrRefuseTensors(@ForAll("patches") List<Patch> patches) {
    shouldReadOrRefuse(patched(tensors, patches));
  }

  @Property
  void shouldReadOrRefuseAnyBytes(@ForAll byte[] bytes) {
    shouldReadOrRefuse(bytes);
  }

  private static void shouldReadOrRefuse(byte[] bytes) {
    try {
      for (Tensor tensor : SafeTensors.parse("file", ByteBuffer.wrap(bytes)).values()) {
        assertThat(tensor.toArray()).hasSizeLessThanOrEqualTo(bytes.length);
      }
    } catch (InvalidBundleException e) {
      assertThat(e).hasMessageContaining("file");
    }
  }
}
