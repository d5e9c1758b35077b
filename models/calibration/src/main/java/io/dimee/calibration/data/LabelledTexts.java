package io.dimee.calibration.data;

import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.tables.Split;
import io.dimee.tables.TableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Labelled texts for a bundle that is there already. */
public final class LabelledTexts {
  private LabelledTexts() {}

  /** How the data set of a bundle was read; empty for one of GLUE. */
  public static Optional<Reading> readingOf(BundleManifest manifest) {
    return manifest.training() == null || !manifest.training().has("reading")
        ? Optional.empty()
        : Optional.of(ReadingJson.read(manifest.training().get("reading"), manifest.labels()));
  }

  /**
   * Reads all rows of a file, with blank texts too.
   *
   * @param codes labels as the files write them, for the message
   * @throws DataException when a label is another, or there is no row
   */
  static List<Example> readAll(Path path, Reading reading, List<String> codes) {
    List<Example> rows = new ArrayList<>();
    try (LabelledFile file = LabelledFile.open(path, reading, TableFile::open)) {
      for (LabelledRow row = file.next(); row != null; row = file.next()) {
        int label = reading.labels().order().indexOf(row.label());
        if (label < 0) {
          throw new DataException(
              "%s line %d: label %s is not one of %s"
                  .formatted(path, row.line(), LabelCheck.shown(List.of(row.label())), codes));
        }
        rows.add(new Example(row.text(), row.pair(), label, row.line()));
      }
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(path, e), e);
    }
    if (rows.isEmpty()) {
      throw new DataException(path + " has no rows");
    }
    return rows;
  }

  /**
   * Reads the rows of a file that have a text and a label. Those of no class have the label -1. Of
   * a file that divides its rows itself, they are those of test, else of dev.
   *
   * @throws DataException when a label is no class of the bundle, or there is no row
   */
  public static List<Example> read(
      Path path, Reading reading, TableOpener opener, BundleManifest manifest) {
    List<String> labels = manifest.labels();
    Map<Optional<Split>, List<Example>> rows = new HashMap<>();
    try (LabelledFile file = LabelledFile.open(path, reading, opener)) {
      for (LabelledRow row = file.next(); row != null; row = file.next()) {
        if (row.isBlank()
            || row.label().isBlank()
            || reading.labels().dropped().contains(row.label())) {
          continue;
        }
        boolean isUnknown = reading.labels().unknown().filter(row.label()::equals).isPresent();
        int label = isUnknown ? UnknownLabel.INDEX : index(labels, row.label());
        if (label < 0 && !isUnknown) {
          throw new DataException(
              "%s line %d: label %s is not a class of the bundle %s; valid: %s"
                  .formatted(
                      path,
                      row.line(),
                      LabelCheck.shown(List.of(row.label())),
                      manifest.name(),
                      LabelCheck.shown(labels)));
        }
        rows.computeIfAbsent(row.split(), split -> new ArrayList<>())
            .add(new Example(row.text(), row.pair(), label, row.line()));
      }
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(path, e), e);
    }
    return Stream.of(Optional.of(Split.TEST), Optional.of(Split.DEV), Optional.<Split>empty())
        .filter(rows::containsKey)
        .findFirst()
        .map(rows::get)
        .orElseThrow(
            () ->
                new DataException(
                    rows.isEmpty()
                        ? path + " has no labelled rows"
                        : path + " has rows to train on alone; valid: rows of test or dev"));
  }

  /** A class by its name or else by its index. */
  private static int index(List<String> labels, String label) {
    int byName = labels.indexOf(label);
    if (byName >= 0 || !label.matches("[0-9]{1,4}")) {
      return byName;
    }
    int index = Integer.parseInt(label);
    return index < labels.size() ? index : -1;
  }
}
