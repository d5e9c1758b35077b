package io.dimee.lab.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.fit.AbstainRule;
import io.dimee.calibration.fit.Abstention;
import io.dimee.calibration.fit.Calibration;
import io.dimee.calibration.fit.CascadeOutcome;
import io.dimee.calibration.fit.Metric;
import io.dimee.calibration.fit.Recalibration;
import io.dimee.console.Printable;
import io.dimee.console.Table;
import io.dimee.inference.bundle.Exit;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows what a calibration found. */
final class CalibrationReport {
  private CalibrationReport() {}

  /**
   * Prints it.
   *
   * @param labels class names
   */
  static void print(
      Recalibration.Result result,
      Calibration.Target target,
      List<String> labels,
      PrintWriter out) {
    out.println(exits(result));
    out.println(expectations(result, target, labels));
    result
        .withoutWords()
        .ifPresent(
            without ->
                out.printf(
                    Locale.ROOT,
                    "without exit 0, on dev: accuracy %.2f %%, cost %.2f (%.1f %% lower than the cloud alone)%n",
                    100 * without.accuracy(),
                    without.cost(),
                    100 * without.costReduction()));
    printIfNothingIsEarly(result.calibration(), target, out);
  }

  /** Says why the last exit answers everything, where it does. */
  static void printIfNothingIsEarly(
      Calibration calibration, Calibration.Target target, PrintWriter out) {
    if (calibration.predicted().shares().get(2) == 1) {
      out.printf(
          Locale.ROOT,
          "no early answer can be shown to stay within %s points with confidence %s on %d held-out rows; raise"
              + " --max-drop, lower --confidence or bring more rows%n",
          target.maxDrop(),
          target.confidence(),
          calibration.predicted().drop().rows());
    }
  }

  /** Prints what withholding answers does on the held-out rows, where that is asked for. */
  static void printAbstention(AbstainRule rule, Calibration calibration, PrintWriter out) {
    calibration
        .abstention()
        .ifPresentOrElse(
            abstention ->
                out.printf(
                    Locale.ROOT,
                    "answers below %.4f of the last exit are withheld: %d of %d held-out rows; of the %d others %d are"
                        + " wrong, on new rows at most %.2f %%%n",
                    abstention.below(),
                    abstention.rows() - abstention.answered(),
                    abstention.rows(),
                    abstention.answered(),
                    abstention.wrong(),
                    100 * abstention.errorBound()),
            () ->
                rule.maxError()
                    .ifPresent(
                        most ->
                            out.printf(
                                Locale.ROOT,
                                "no confidence can be shown to keep wrong answers within %.2f %%, so none is withheld;"
                                    + " raise --max-error or lower --max-drop%n",
                                100 * most)));
  }

  /** What a drop is in, where it is not accuracy. */
  static String in(Calibration.Target target, List<String> labels) {
    return target.metric().kind() == Metric.Kind.ACCURACY
        ? ""
        : " in " + Printable.line(target.metric().id(labels));
  }

  private static Table.Lines exits(Recalibration.Result result) {
    Table<Exit> table =
        new Table<Exit>()
            .number("exit", e -> Integer.toString(e.depth()))
            .number("temperature", e -> Table.decimal(e.temperature()))
            .number("thresholds", CalibrationReport::thresholds)
            .number("accuracy, dev", e -> Table.percent(result.dev().accuracy(e.depth()), 2));
    result
        .exactDev()
        .ifPresent(
            exact -> table.number("in fp32", e -> Table.percent(exact.accuracy(e.depth()), 2)));
    return table.of(result.calibration().exits());
  }

  private static String thresholds(Exit exit) {
    return exit.thresholds().stream()
        .map(threshold -> String.format(Locale.ROOT, "%.4f", threshold))
        .collect(Collectors.joining(" / "));
  }

  private record Row(String what, String predicted, String measured) {}

  private static Table.Lines expectations(
      Recalibration.Result result, Calibration.Target target, List<String> labels) {
    CascadeOutcome predicted = result.calibration().predicted();
    CascadeOutcome measured = result.measured();
    List<Row> rows = new ArrayList<>();
    rows.add(row("rows", predicted, measured, o -> Integer.toString(o.drop().rows())));
    rows.add(row("accuracy", predicted, measured, o -> Table.percent(o.accuracy(), 2)));
    rows.add(row("drop, points", predicted, measured, o -> Table.decimal(o.dropPoints())));
    if (target.metric().kind() != Metric.Kind.ACCURACY) {
      rows.add(
          row(
              "drop" + in(target, labels) + ", points",
              predicted,
              measured,
              o -> Table.decimal(o.answers().points(target.metric()))));
    }
    rows.add(
        new Row(
            "drop" + in(target, labels) + ", at most, with confidence " + target.confidence(),
            Table.decimal(result.calibration().dropBound()),
            ""));
    rows.add(row("cost, mean", predicted, measured, o -> Table.decimal(o.cost())));
    rows.add(row("cost, cloud alone", predicted, measured, o -> Table.decimal(o.cloudOnlyCost())));
    rows.add(row("cost reduction", predicted, measured, o -> Table.percent(o.costReduction(), 2)));
    for (int tier = 0; tier < 3; tier++) {
      int index = tier;
      rows.add(
          row(
              "answered by " + List.of("mobile", "edge", "cloud").get(tier),
              predicted,
              measured,
              o -> Table.percent(o.shares().get(index), 2)));
    }
    return new Table<Row>()
        .text("policy cascade", Row::what)
        .number("predicted, held out", Row::predicted)
        .number("measured, dev", Row::measured)
        .of(rows);
  }

  private static Row row(
      String what,
      CascadeOutcome predicted,
      CascadeOutcome measured,
      Function<CascadeOutcome, String> value) {
    return new Row(what, value.apply(predicted), value.apply(measured));
  }

  static String json(Recalibration.Result result) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.set("exits", mapper.valueToTree(result.calibration().exits()));
    ObjectNode predicted = outcome(mapper, result.calibration().predicted());
    predicted.put("drop_bound_points", result.calibration().dropBound());
    node.set("predicted", predicted);
    result
        .calibration()
        .abstention()
        .ifPresent(abstention -> node.set("abstention", abstention(mapper, abstention)));
    node.set("dev", outcome(mapper, result.measured()));
    result
        .withoutWords()
        .ifPresent(without -> node.set("dev_without_words", outcome(mapper, without)));
    return mapper.writeValueAsString(node);
  }

  private static ObjectNode abstention(ObjectMapper mapper, Abstention abstention) {
    ObjectNode node = mapper.createObjectNode();
    node.put("below", abstention.below());
    node.put("rows", abstention.rows());
    node.put("answered", abstention.answered());
    node.put("wrong", abstention.wrong());
    node.put("error_bound", abstention.errorBound());
    return node;
  }

  private static ObjectNode outcome(ObjectMapper mapper, CascadeOutcome outcome) {
    ObjectNode node = mapper.createObjectNode();
    node.put("rows", outcome.drop().rows());
    node.put("accuracy", outcome.accuracy());
    node.put("drop_points", outcome.dropPoints());
    node.put("cost_mean", outcome.cost());
    node.put("cloud_only_cost_mean", outcome.cloudOnlyCost());
    node.put("cost_reduction", outcome.costReduction());
    ObjectNode share = node.putObject("share");
    share.put("mobile", outcome.shares().get(0));
    share.put("edge", outcome.shares().get(1));
    share.put("cloud", outcome.shares().get(2));
    return node;
  }
}
