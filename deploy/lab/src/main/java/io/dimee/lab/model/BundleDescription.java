package io.dimee.lab.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.inference.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a bundle of a user's own data tells of itself, beside the files that it is made of.
 *
 * @param withoutWords what it does without the exit that reads words alone, where it has one
 * @param baseline what words alone do, where that is known
 */
record BundleDescription(
    Bundle bundle,
    BundleMeasurement measured,
    Optional<CascadeOutcome> withoutWords,
    Optional<ClassReport> baseline) {
  private static final String CHECKS = "checks.json";

  /**
   * Writes card and figures.
   *
   * @param checks what a check of the data found
   */
  void write(JsonNode checks) {
    write(folder -> Files.writeString(folder.resolve(CHECKS), checks.toPrettyString() + "\n"));
  }

  /**
   * Writes card and figures of a bundle that was made from another.
   *
   * @param from folder of the other
   */
  void writeWithChecksOf(Path from) {
    write(
        folder -> {
          Path checks = from.resolve(CHECKS);
          if (Files.exists(checks) && !Files.isSameFile(from, folder)) {
            Files.copy(checks, folder.resolve(CHECKS), StandardCopyOption.REPLACE_EXISTING);
          }
        });
  }

  private interface Checks {
    void writeTo(Path folder) throws IOException;
  }

  private void write(Checks checks) {
    Path folder = bundle.directory();
    try {
      Files.writeString(folder.resolve("README.md"), new ModelCard(this).markdown());
      Files.writeString(
          folder.resolve("metrics.json"),
          new MeasurementReport(bundle.modelId(), measured).json().toPrettyString() + "\n");
      checks.writeTo(folder);
    } catch (IOException e) {
      throw new DataException(
          "cannot describe the bundle in %s: %s".formatted(folder, e.getMessage()), e);
    }
  }
}
