package io.dimee.lab.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.evaluation.LabelIssues;
import io.dimee.calibration.evaluation.RowIssues;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.training.TrainingRun;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** What a training run leaves beside its checkpoints, since it holds users' texts. */
final class WorkFiles {
  static final String PREDICTIONS = "predictions.dev.jsonl";
  static final String ISSUES = "label-issues.csv";

  private final Path work;
  private final TrainingRun.Report report;
  private final List<String> labels;

  WorkFiles(Path work, TrainingRun.Report report) {
    this.work = work;
    this.report = report;
    this.labels = report.bundle().manifest().labels();
  }

  void write() {
    try {
      predictions();
      issues();
    } catch (IOException e) {
      throw new DataException("cannot write into %s: %s".formatted(work, e.getMessage()), e);
    }
  }

  /** Every row that was measured on, with what policy cascade answers. */
  private void predictions() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Exit> exits = report.bundle().manifest().exits();
    List<Example> rows = report.data().dev();
    try (BufferedWriter out = Files.newBufferedWriter(work.resolve(PREDICTIONS))) {
      for (int row = 0; row < rows.size(); row++) {
        Exit exit = exits.get(CascadeOutcome.answeringExit(report.devOutputs(), row, exits));
        ExitReading reading = report.devOutputs().read(exit, row);
        Example example = rows.get(row);
        ObjectNode node = json.createObjectNode();
        node.put("line", example.line());
        node.put("text", example.text());
        if (example.pair() != null) {
          node.put("text_pair", example.pair());
        }
        node.put("gold_name", labels.get(example.label()));
        node.put("label_name", labels.get(reading.label()));
        node.put("confidence", reading.confidence());
        node.put("exit_depth", exit.depth());
        out.write(json.writeValueAsString(node));
        out.write('\n');
      }
    }
  }

  private void issues() throws IOException {
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader(
                "kind",
                "line",
                "label",
                "suggested",
                "label_probability",
                "suggested_probability",
                "like_line",
                "text",
                "text_pair")
            .get();
    try (CSVPrinter out = new CSVPrinter(Files.newBufferedWriter(work.resolve(ISSUES)), format)) {
      for (LabelIssues.Issue issue : report.issues()) {
        Example row = issue.row();
        out.printRecord(
            "label",
            row.line(),
            labels.get(row.label()),
            labels.get(issue.suggested()),
            issue.labelProbability(),
            issue.suggestedProbability(),
            "",
            row.text(),
            row.pair());
      }
      for (RowIssues.NearDuplicate issue : RowIssues.nearDuplicates(report.data().train())) {
        Example row = issue.row();
        String other = issue.isConflict() ? labels.get(issue.first().label()) : "";
        out.printRecord(
            "near_duplicate",
            row.line(),
            labels.get(row.label()),
            other,
            "",
            "",
            issue.first().line(),
            row.text(),
            row.pair());
      }
      for (RowIssues.Outlier issue : report.outliers()) {
        Example row = issue.row();
        out.printRecord(
            "outlier", row.line(), labels.get(row.label()), "", "", "", "", row.text(), row.pair());
      }
    }
  }
}
