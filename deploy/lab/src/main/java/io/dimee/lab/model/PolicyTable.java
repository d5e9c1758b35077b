package io.dimee.lab.model;

import io.dimee.calibration.evaluation.TaskEvaluation;
import io.dimee.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows what policies do on data sets. */
final class PolicyTable {
  private PolicyTable() {}

  private record Line(String task, TaskEvaluation.PolicyRow row) {}

  static Table.Lines of(List<TaskEvaluation> evaluations) {
    List<Line> lines = new ArrayList<>();
    evaluations.forEach(e -> e.policies().forEach(row -> lines.add(new Line(e.task(), row))));
    Table<Line> table =
        new Table<Line>()
            .text("task", Line::task)
            .text("policy", line -> line.row().policy())
            .number("accuracy", line -> Table.percent(line.row().accuracy(), 2))
            .number("drop", line -> Table.decimal(line.row().dropPoints()))
            .number(
                "predicted, at most",
                line ->
                    Table.decimal(line.row().predictedDropPoints())
                        + ", "
                        + Table.decimal(line.row().predictedDropBound()))
            .number("cost", line -> Table.decimal(line.row().cost()))
            .number("lower by", line -> Table.percent(line.row().costReduction(), 2))
            .number(
                "mobile/edge/cloud",
                line ->
                    String.format(
                        Locale.ROOT,
                        "%.0f/%.0f/%.0f",
                        100 * line.row().answered().get(0),
                        100 * line.row().answered().get(1),
                        100 * line.row().answered().get(2)));
    return table.of(lines);
  }
}
