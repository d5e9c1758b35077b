package io.dimee.deploy.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.bundle.Prices;
import io.dimee.calibration.evaluation.PriceSweep;
import io.dimee.calibration.evaluation.TaskEvaluation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes an evaluation as one HTML page that needs no network, as tables in CSV, and as JSON. */
final class ReportWriter {
  private final ObjectMapper json =
      new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
  private final Path directory;

  ReportWriter(Path directory) {
    this.directory = directory;
  }

  /**
   * What a report says.
   *
   * @param command that made it
   */
  record Content(
      String command,
      Prices prices,
      List<TaskEvaluation> tasks,
      List<PriceSweep> sweeps,
      List<CodecTable.Row> codecs) {}

  /** Writes all files and returns the page. */
  Path write(Content content) throws IOException {
    Files.createDirectories(directory);
    ObjectNode data = json.createObjectNode();
    data.put("command", content.command());
    data.put("commit", System.getProperty("dimee.commit", ""));
    data.set("prices", new ObjectMapper().valueToTree(content.prices()));
    data.set("tasks", json.valueToTree(content.tasks()));
    data.set("sweeps", json.valueToTree(content.sweeps()));
    data.set("codecs", json.valueToTree(content.codecs()));
    String text = json.writeValueAsString(data);
    Files.writeString(directory.resolve("report.json"), text + "\n");
    table("policies.csv", content);
    codecs("codecs.csv", content);
    Path page = directory.resolve("index.html");
    Files.writeString(
        page,
        resource("report.html")
            .replace("/*style*/", resource("report.css"))
            .replace("/*charts*/", resource("chart.umd.js"))
            .replace("/*script*/", resource("report.js"))
            // a text of the data must not end the script element
            .replace("/*data*/", text.replace("<", "\\u003c")));
    return page;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportWriter.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the class path lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void table(String name, Content content) throws IOException {
    try (CSVPrinter csv = csv(name)) {
      csv.printRecord(
          "task",
          "policy",
          "parameter",
          "metric",
          "score",
          "accuracy",
          "f1",
          "drop_points",
          "drop_low",
          "drop_high",
          "predicted_drop_points",
          "predicted_drop_bound",
          "cost",
          "cloud_only_cost",
          "cost_reduction",
          "layers",
          "answered_mobile",
          "answered_edge",
          "answered_cloud");
      for (TaskEvaluation task : content.tasks()) {
        for (TaskEvaluation.PolicyRow row : task.policies()) {
          csv.printRecord(
              task.task(),
              row.policy(),
              row.parameter(),
              task.metric(),
              row.score(),
              row.accuracy(),
              row.f1(),
              row.dropPoints(),
              row.dropLow(),
              row.dropHigh(),
              row.predictedDropPoints(),
              row.predictedDropBound(),
              row.cost(),
              row.cloudOnlyCost(),
              row.costReduction(),
              row.layers(),
              row.answered().get(0),
              row.answered().get(1),
              row.answered().get(2));
        }
      }
    }
  }

  private void codecs(String name, Content content) throws IOException {
    try (CSVPrinter csv = csv(name)) {
      csv.printRecord(
          "codec",
          "bytes_per_token",
          "accuracy",
          "accuracy_change_points",
          "answers_changed",
          "largest_probability_change",
          "encode_us",
          "decode_us");
      for (CodecTable.Row row : content.codecs()) {
        csv.printRecord(
            row.codec(),
            row.bytesPerToken(),
            row.accuracy(),
            row.accuracyChange(),
            row.answersChanged(),
            row.largestChange(),
            row.encodeMicros(),
            row.decodeMicros());
      }
    }
  }

  private CSVPrinter csv(String name) throws IOException {
    return new CSVPrinter(Files.newBufferedWriter(directory.resolve(name)), CSVFormat.RFC4180);
  }
}
