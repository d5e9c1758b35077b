package io.dimee.lab.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.calibration.evaluation.PriceSweep;
import io.dimee.calibration.evaluation.TaskEvaluation;
import io.dimee.calibration.fit.Calibration;
import io.dimee.inference.bundle.Prices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
  @TempDir Path directory;

  private static TaskEvaluation evaluation() {
    TaskEvaluation.PolicyRow row =
        new TaskEvaluation.PolicyRow(
            "cascade",
            null,
            0.9,
            0.9,
            null,
            0.1,
            -0.2,
            0.4,
            0.1,
            0.5,
            7,
            17,
            0.588,
            5,
            List.of(1.0, 0.0, 0.0),
            List.of(0.5, 0.3, 0.2));
    return new TaskEvaluation(
        "SST-2",
        "sst2@</script>",
        "accuracy",
        1000,
        872,
        872,
        "abc",
        new Calibration.Target(1, 0.9),
        List.of(row),
        Map.of("cascade", List.of(new TaskEvaluation.CurvePoint(7, 0.9))),
        List.of(new TaskEvaluation.ExitRow(1, false, null, null, 0.8, 0)),
        List.of(new TaskEvaluation.ClassFigures("</script>", 0.9, 0.8, 0.85, 430, 1.5)),
        List.of(),
        new TaskEvaluation.RouterQuality(List.of(), List.of(), 0.4, 0.5),
        List.of(),
        null);
  }

  private Path write() throws Exception {
    return new ReportWriter(directory.resolve("new/report"))
        .write(
            new ReportWriter.Content(
                "./dimee evaluate",
                Prices.DEFAULT,
                List.of(evaluation()),
                List.of(new PriceSweep("layer.mobile", List.of(1.0), Map.of())),
                List.of(new CodecTable.Row("fp16", 768, 0.9, 0, 0, 0.001, 10, 12))));
  }

  @Test
  void shouldWriteAPageThatNeedsNothingElse() throws Exception {
    // When
    String page = Files.readString(write());

    // Then every placeholder is filled, nothing is loaded, and data cannot end the script
    assertThat(page).doesNotContain("/*style*/", "/*charts*/", "/*data*/", "/*script*/");
    assertThat(page).doesNotContainPattern("(src|href)=\"(https?:)?//");
    assertThat(page).contains("sst2@\\u003c/script>").contains("Chart.js");
  }

  @Test
  void shouldWriteTheSameNumbersForScripts() throws Exception {
    // When
    Path folder = write().getParent();

    // Then
    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertThat(json.at("/tasks/0/policies/0/cost_reduction").doubleValue()).isEqualTo(0.588);
    assertThat(json.at("/tasks/0/policies/0/drop_points").doubleValue()).isEqualTo(0.1);
    assertThat(json.at("/prices/offload/mobile_cloud").doubleValue()).isEqualTo(5);
    assertThat(json.at("/sweeps/0/price").asText()).isEqualTo("layer.mobile");
    assertThat(Files.readAllLines(folder.resolve("policies.csv")))
        .hasSize(2)
        .element(1)
        .asString()
        .startsWith("SST-2,cascade,,accuracy,0.9,0.9,,0.1,-0.2,0.4,0.1,0.5,7.0,17.0,0.588,");
    assertThat(Files.readAllLines(folder.resolve("codecs.csv")))
        .contains("fp16,768.0,0.9,0.0,0,0.001,10.0,12.0");
  }
}
