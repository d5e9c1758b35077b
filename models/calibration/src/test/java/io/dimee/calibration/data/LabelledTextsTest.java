package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.tables.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTextsTest {
  private static final BundleManifest MANIFEST =
      Bundle.open(Path.of("../../testing/bundles/tiny")).manifest();

  @TempDir Path directory;

  private List<Example> read(String content, Optional<String> unknown) throws IOException {
    Path file = Files.writeString(directory.resolve("rows.csv"), content);
    Reading reading =
        Reading.of(
            TableFile.Layout.DEFAULT,
            ColumnChoice.USUAL,
            new LabelRules(MANIFEST.labels(), Map.of(), Optional.empty(), Set.of(), unknown));
    return LabelledTexts.read(file, reading, TableFile::open, MANIFEST);
  }

  @Test
  void shouldMeasureOnTheTestRowsOfAFileThatDividesItself() throws IOException {
    assertThat(read("text,label,split\na,0,train\nb,1,test\nc,0,dev\nd,1,test\n", Optional.empty()))
        .extracting(Example::text)
        .containsExactly("b", "d");
    assertThat(read("text,label,split\na,0,train\nc,0,dev\n", Optional.empty()))
        .extracting(Example::text)
        .containsExactly("c");
    assertThat(read("text,label\na,0\nc,0\n", Optional.empty())).hasSize(2);
  }

  @Test
  void shouldRefuseRowsToTrainOnAlone() {
    assertThatThrownBy(() -> read("text,label,split\na,0,train\n", Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageEndingWith("rows.csv has rows to train on alone; valid: rows of test or dev");
  }

  @Test
  void shouldTellRowsOfNoClassFromWrongLabels() throws IOException {
    assertThat(read("text,label\na,0\nb,none\n", Optional.of("none")))
        .extracting(Example::label)
        .containsExactly(0, -1);
    assertThatThrownBy(() -> read("text,label\na,0\nb,none\n", Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("rows.csv line 3: label none is not a class of the bundle");
  }
}
