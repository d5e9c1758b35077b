package io.dimee.lab.model;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataFiles;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.data.LabelledTexts;
import io.dimee.calibration.data.Reading;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.lab.data.DataOptions;
import io.dimee.lab.data.LabTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Labelled texts for a bundle to be measured on. */
final class LabelledRows {
  private final Path file;
  private final Reading reading;
  private final BundleManifest manifest;

  private LabelledRows(Path file, Reading reading, BundleManifest manifest) {
    this.file = file;
    this.reading = reading;
    this.manifest = manifest;
  }

  /** Finds them, and reads them as the bundle's training data were read unless told otherwise. */
  static LabelledRows of(BundleManifest manifest, Path data, DataOptions options) {
    Reading reading =
        options.sayHowToRead()
            ? options.reading()
            : LabelledTexts.readingOf(manifest).orElse(Reading.USUAL);
    return new LabelledRows(file(data, options), reading.of(manifest.labels()), manifest);
  }

  private static Path file(Path data, DataOptions options) {
    if (!Files.isDirectory(data)) {
      return data;
    }
    DataFiles files = options.files(data);
    return files
        .test()
        .or(files::dev)
        .orElseThrow(
            () ->
                new DataException(
                    "data=%s has no test.* or dev.*; valid: a file with labelled texts"
                        .formatted(data)));
  }

  String name() {
    return file.getFileName().toString();
  }

  List<Example> read() {
    return LabelledTexts.read(file, reading, LabTables::open, manifest);
  }
}
