package io.dimee.lab.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.CheckReport;
import io.dimee.calibration.data.Finding;
import io.dimee.console.Printable;
import io.dimee.console.Table;
import io.dimee.tables.Split;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Shows what a check of a data set found. */
public final class DataFindings {
  private static final int LABELS_SHOWN = 30;

  private final CheckReport report;

  /** Prepares to show a report. */
  public DataFindings(CheckReport report) {
    this.report = report;
  }

  /** Prints rows by label and split, and every finding with its first places. */
  public void print(PrintWriter out) {
    List<Split> splits = Stream.of(Split.values()).filter(report.splits()::containsKey).toList();
    Table<String> table = new Table<String>().text("label", label -> label);
    for (Split split : splits) {
      table.number(split.names().get(0), label -> rows(split, label));
    }
    out.println(table.of(report.labels().stream().limit(LABELS_SHOWN).toList()));
    if (report.labels().size() > LABELS_SHOWN) {
      out.printf("... and %d more labels%n", report.labels().size() - LABELS_SHOWN);
    }
    for (Split split : splits) {
      CheckReport.SplitCounts counts = report.splits().get(split);
      out.printf("%s: %d rows, %d usable%n", split.names().get(0), counts.rows(), counts.usable());
    }
    if (report.outOfScope() > 0) {
      out.printf("out of scope: %d rows%n", report.outOfScope());
    }
    for (Finding finding : report.findings()) {
      out.println(
          "%s: %s%s"
              .formatted(
                  finding.severity().name().toLowerCase(Locale.ROOT),
                  Printable.line(finding.message()),
                  finding.places().isEmpty()
                      ? ""
                      : " (" + Printable.line(String.join(", ", finding.places())) + ")"));
    }
  }

  private String rows(Split split, String label) {
    return Long.toString(report.splits().get(split).byLabel().getOrDefault(label, 0L));
  }

  /** The same for programs. */
  public ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    report.labels().forEach(node.putArray("labels")::add);
    ObjectNode splits = node.putObject("splits");
    for (Split split : Split.values()) {
      CheckReport.SplitCounts counts = report.splits().get(split);
      if (counts != null) {
        ObjectNode of = splits.putObject(split.names().get(0));
        of.put("rows", counts.rows());
        of.put("usable", counts.usable());
        ObjectNode byLabel = of.putObject("by_label");
        counts.byLabel().forEach(byLabel::put);
      }
    }
    node.put("out_of_scope", report.outOfScope());
    ArrayNode findings = node.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode of = findings.addObject();
      of.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
      of.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
      of.put("message", finding.message());
      of.put("rows", finding.rows());
      finding.places().forEach(of.putArray("places")::add);
    }
    return node;
  }
}
