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
  void shouldRefuseExitsThatReadWordsWhereNoneIsAsked() throws IOException {
    edit(manifest -> ((ObjectNode) manifest.get("exits").get(0)).put("words_weight", 0.5));

    assertRefused("exits");
  }

  @Test
  void shouldRefuseToWithholdAnswersOfABundleWithAClassOfThatName() throws IOException {
    edit(
        manifest -> {
          manifest.put("abstain_below", 0.5);
          manifest.putArray("labels").add("known").add("unknown");
        });

    assertRefused("labels=[known, unknown]");
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
    edit(m -> m.remove("pair"));
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
          ((ObjectNode) m.get("tiers")).put("edge", 3);
          ((ObjectNode) m.get("exits").get(1)).put("depth", 3);
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
    assertRefused("exits=Exit[depth=1");
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
    edit(m -> ((ObjectNode) m.get("exits").get(1)).put("depth", 3));
    assertRefused("exits=[1, 3, 4] is missing or not valid");
    edit(m -> ((ObjectNode) m.get("exits").get(1)).put("depth", 1));
    assertRefused("exits=");
  }

  @Test
  void shouldRefuseAnEncoderThatNoneCanBe() throws IOException {
    edit(m -> ((ObjectNode) m.get("encoder")).put("heads", 3));
    assertRefused("encoder: heads=3 must divide hidden=16");
    edit(m -> ((ObjectNode) m.get("encoder")).put("layers", 0));
    assertRefused("encoder: layers=0 must be 1 or more");
    edit(m -> ((ObjectNode) m.get("encoder")).remove("positions"));
    assertRefused("int");
    edit(m -> m.remove("encoder"));
    assertRefused("encoder is missing", "tiny-encoder", Backbone.NAMES.toString());
  }

  @Test
  void shouldRefuseTiersAndTextsThatTheEncoderLacks() throws IOException {
    edit(m -> ((ObjectNode) m.get("encoder")).put("layers", 3));
    assertRefused("tiers=", "cloud=4");
    edit(
        m -> {
          ((ObjectNode) m.get("encoder")).put("layers", 4);
          m.put("max_tokens", 513);
        });
    assertRefused("max_tokens=513");
  }

  @Test
  void shouldKnowTheShapeOfBackbonesThatItKnowsByName() throws IOException {
    // Given a bundle that does not bring it
    edit(m -> ((ObjectNode) m.get("backbone")).put("name", "e5-small-v2"));
    edit(m -> m.remove("encoder"));

    // Then
    assertThat(Bundle.open(directory).manifest().encoder())
        .isEqualTo(new Architecture(12, 384, 12, 1536, 30522, 512));

    // and one that brings another is refused
    edit(
        m -> {
          ObjectNode encoder = m.putObject("encoder");
          encoder.put("layers", 12).put("hidden", 256).put("heads", 8);
          encoder.put("intermediate", 1536).put("vocabulary", 30522).put("positions", 512);
        });
    assertRefused(
        "encoder: hidden=256, heads=8, but the backbone e5-small-v2 has hidden=384, heads=12");
  }

  @Test
  void shouldRefuseANegativePrice() throws IOException {
    edit(m -> ((ObjectNode) m.get("prices")).put("exit", -1));
    assertRefused("exit=-1.0");
  }

  @Test
  void shouldRefuseCutsThatDoNotRise() throws IOException {
    edit(m -> ((ObjectNode) m.get("tiers")).put("edge", 1));
    assertRefused("mobile=1, edge=1");
  }
}
