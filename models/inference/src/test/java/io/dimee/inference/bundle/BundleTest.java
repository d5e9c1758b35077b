package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SOME_HASH = "ab".repeat(32);

  @TempDir Path directory;

  @BeforeEach
  void write() {
    TestBundles.write(directory, 0.9, SOME_HASH);
  }

  private void edit(Consumer<ObjectNode> change) throws IOException {
    Path file = directory.resolve(Bundle.MANIFEST);
    ObjectNode manifest = (ObjectNode) JSON.readTree(file.toFile());
    change.accept(manifest);
    Files.writeString(file, manifest.toString());
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> Bundle.open(directory))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining(directory.toString())
        .satisfies(e -> assertThat(e.getMessage()).contains(parts).doesNotContain("\n"));
  }

  @Test
  void shouldKeepItsIdWhenOnlyCalibrationPricesOrWhatItSaysOfTextsChange() throws IOException {
    // Given
    String id = Bundle.open(directory).modelId();

    // When
    edit(m -> ((ObjectNode) m.get("exits").get(2)).putArray("thresholds").add(0.5));
    edit(m -> ((ObjectNode) m.get("prices")).put("exit", 1));
    edit(m -> m.put("pair", true));

    // Then
    assertThat(Bundle.open(directory).modelId()).isEqualTo(id).startsWith("test@");
  }

  @Test
  void shouldReadBundlesThatDoNotSayHowManyTextsAnEventHas() throws IOException {
    assertThat(Bundle.open(directory).manifest().pair()).isNull();

    edit(m -> m.put("pair", true));

    assertThat(Bundle.open(directory).manifest().pair()).isTrue();
  }

  @Test
  void shouldChangeItsIdWithTheCut() throws IOException {
    // Given
    String id = Bundle.open(directory).modelId();

    // When
    edit(
        m -> {
          ((ObjectNode) m.get("tiers")).put("mobile", 4);
          ((ObjectNode) m.get("exits").get(0)).put("depth", 4);
        });

    // Then
    assertThat(Bundle.open(directory).modelId()).isNotEqualTo(id);
  }

  @Test
  void shouldRefuseAFolderWithoutAManifest() throws IOException {
    Files.delete(directory.resolve(Bundle.MANIFEST));
    assertRefused("has no manifest.json");
  }

  @Test
  void shouldRefuseAManifestThatIsNoJson() throws IOException {
    Files.writeString(directory.resolve(Bundle.MANIFEST), "{ nonsense");
    assertRefused("bundle");
  }

  @Test
  void shouldRefuseAnotherFormat() throws IOException {
    edit(m -> m.put("format", 9));
    assertRefused("format=9 is not supported");
  }

  @Test
  void shouldRefuseAnotherBackbone() throws IOException {
    edit(m -> ((ObjectNode) m.get("backbone")).put("name", "other"));
    assertRefused("needs the backbone other");
  }

  @Test
  void shouldRefuseAChangedFile() throws IOException {
    Files.write(directory.resolve(Bundle.ADAPTER), new byte[] {1});
    assertRefused(Bundle.ADAPTER, "the manifest says");
  }

  @Test
  void shouldRefuseAMissingFile() throws IOException {
    Files.delete(directory.resolve(Bundle.ADAPTER));
    assertRefused(Bundle.ADAPTER + " is missing");
  }

  @Test
  void shouldRefuseAnEmptyManifestAndABackboneWithoutAName() throws IOException {
    edit(m -> ((ObjectNode) m.get("backbone")).remove("name"));
    assertRefused("backbone=");
    Files.writeString(directory.resolve(Bundle.MANIFEST), "null");
    assertRefused("is empty");
  }

  @Test
  void shouldRefuseAThresholdThatIsNoProbability() throws IOException {
    edit(m -> ((ObjectNode) m.get("exits").get(2)).putArray("thresholds").add(1.5));
    assertRefused("thresholds=[1.5]");
  }

  @Test
  void shouldRefuseThresholdsOfFewerClassesThanThereAre() throws IOException {
    edit(m -> ((ObjectNode) m.get("exits").get(0)).putArray("thresholds").add(0.5).add(0.5).add(1));
    assertRefused("exits=Exit[depth=3");
  }

  @Test
  void shouldRefuseABackboneThatThisBuildLacks() throws IOException {
    edit(m -> ((ObjectNode) m.get("backbone")).put("name", "bert-large"));
    assertRefused("bert-large", Backbone.NAMES.toString());
  }

  @Test
  void shouldRefuseAnUnknownPrecisionAndIntegersWithoutRanges() throws IOException {
    edit(m -> m.put("precision", "int8"));
    assertRefused("files has no hash of " + Bundle.RANGES);
    edit(m -> m.put("precision", "int4"));
    assertRefused("int4");
    edit(m -> m.remove("precision"));
    assertRefused("precision=null");
  }

  @Test
  void shouldRefuseATierWithoutAnExitAtItsEndAndExitsThatDoNotRise() throws IOException {
    edit(m -> ((ObjectNode) m.get("exits").get(1)).put("depth", 5));
    assertRefused("exits=[3, 5, 12] is missing or not valid");
    edit(m -> ((ObjectNode) m.get("exits").get(1)).put("depth", 2));
    assertRefused("exits=");
  }

  @Test
  void shouldRefuseANegativePrice() throws IOException {
    edit(m -> ((ObjectNode) m.get("prices")).put("exit", -1));
    assertRefused("exit=-1.0");
  }

  @Test
  void shouldRefuseCutsThatDoNotRise() throws IOException {
    edit(m -> ((ObjectNode) m.get("tiers")).put("edge", 3));
    assertRefused("mobile=3, edge=3");
  }
}
