package io.dimee.lab.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.BundleMeasurement.RecallLost;
import io.dimee.calibration.evaluation.BundleMeasurement.Withheld;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.calibration.evaluation.ClassReport.ClassRow;
import io.dimee.calibration.evaluation.ClassReport.Confusion;
import io.dimee.console.Printable;
import io.dimee.console.Table;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Shows what a bundle does on labelled rows. */
final class MeasurementReport {
  private static final int CLASSES_SHOWN = 30;
  private static final int CONFUSIONS_SHOWN = 10;

  private final String modelId;
  private final BundleMeasurement measured;

  MeasurementReport(String modelId, BundleMeasurement measured) {
    this.modelId = modelId;
    this.measured = measured;
  }

  void print(PrintWriter out) {
    ClassReport cascade = measured.cascade();
    out.println(
        new Table<ClassRow>()
            .text("label", ClassRow::label)
            .number("precision", row -> percent(row.precision()))
            .number("recall", row -> percent(row.recall()))
            .number("F1", row -> percent(row.f1()))
            .number("support", row -> Integer.toString(row.support()))
            .of(rarestFirst(cascade.classes())));
    if (cascade.classes().size() > CLASSES_SHOWN) {
      out.printf(
          "the %d classes with the lowest F1, of %d%n", CLASSES_SHOWN, cascade.classes().size());
    }
    out.println(
        new Table<Average>()
            .text("", Average::name)
            .number("precision", average -> percent(average.precision()))
            .number("recall", average -> percent(average.recall()))
            .number("F1", average -> percent(average.f1()))
            .of(List.of(Average.macro(cascade), Average.weighted(cascade))));
    List<Confusion> confusions = cascade.topConfusions(CONFUSIONS_SHOWN);
    if (!confusions.isEmpty()) {
      out.println(
          new Table<Confusion>()
              .text("label", Confusion::label)
              .text("answered as", Confusion::answer)
              .number("rows", c -> Integer.toString(c.rows()))
              .number("of the label's", c -> percent(c.share()))
              .of(confusions));
    }
    out.println(
        new Table<BundleMeasurement.ExitRow>()
            .number("exit", row -> Integer.toString(row.depth()))
            .number("answers", row -> percent(row.share()))
            .number("accuracy on these", row -> percent(row.accuracy()))
            .number("on all rows", row -> percent(row.accuracyOnAll()))
            .of(measured.exits()));
    out.printf(
        Locale.ROOT,
        "%s, %d rows: accuracy %.2f %%, macro F1 %.2f %%; last exit %.2f %%, macro F1 %.2f %%; always the most"
            + " frequent class %.2f %%%n",
        modelId,
        cascade.rows(),
        100 * cascade.accuracy(),
        100 * cascade.macroF1(),
        100 * measured.last().accuracy(),
        100 * measured.last().macroF1(),
        100 * cascade.majority());
    out.printf(
        Locale.ROOT,
        "cost %.2f against %.2f in the cloud alone (%.1f %% lower), answered by mobile %.0f %%, edge %.0f %%, cloud"
            + " %.0f %%%n",
        measured.outcome().cost(),
        measured.outcome().cloudOnlyCost(),
        100 * measured.outcome().costReduction(),
        100 * measured.outcome().shares().get(0),
        100 * measured.outcome().shares().get(1),
        100 * measured.outcome().shares().get(2));
    measured.withheld().ifPresent(withheld -> print(withheld, out));
    RecallLost worst = worst();
    out.printf(
        Locale.ROOT,
        "recall lost by early answers, worst class: %.2f points of %s (%d rows)%n",
        worst.points(),
        Printable.line(worst.label()),
        worst.support());
  }

  private static void print(Withheld withheld, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "answers below %.4f of the last exit are withheld: %d of %d rows%s%n",
        withheld.below(),
        withheld.ofRows(),
        withheld.rows(),
        withheld.ofRows() < withheld.rows()
            ? "; accuracy on the others " + percent(withheld.accuracy())
            : "");
    if (withheld.outOfScope() > 0) {
      out.printf(
          Locale.ROOT,
          "out of scope: %d of %d rows withheld (recall %s)%s%n",
          withheld.ofOutOfScope(),
          withheld.outOfScope(),
          percent(withheld.recall()),
          withheld.inAll() > 0
              ? ", %s of what is withheld (precision)".formatted(percent(withheld.precision()))
              : "");
    }
  }

  /** Worst classes first, when not all are shown. */
  private static List<ClassRow> rarestFirst(List<ClassRow> classes) {
    return classes.size() <= CLASSES_SHOWN
        ? classes
        : classes.stream()
            .sorted(Comparator.comparingDouble(ClassRow::f1))
            .limit(CLASSES_SHOWN)
            .toList();
  }

  private RecallLost worst() {
    return measured.recallLost().stream()
        .max(Comparator.comparingDouble(RecallLost::points))
        .orElseThrow();
  }

  private record Average(String name, double precision, double recall, double f1) {
    static Average macro(ClassReport report) {
      return of("macro average", report::macro);
    }

    static Average weighted(ClassReport report) {
      return of("weighted average", report::weighted);
    }

    private interface Mean {
      double of(ToDoubleFunction<ClassRow> figure);
    }

    private static Average of(String name, Mean mean) {
      return new Average(
          name, mean.of(ClassRow::precision), mean.of(ClassRow::recall), mean.of(ClassRow::f1));
    }
  }

  private static String percent(double fraction) {
    return Double.isNaN(fraction) ? "" : Table.percent(fraction, 1);
  }

  private static ObjectNode json(Withheld withheld) {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("below", withheld.below());
    node.put("withheld", withheld.ofRows());
    if (withheld.ofRows() < withheld.rows()) {
      node.put("accuracy_on_answered", withheld.accuracy());
    }
    if (withheld.outOfScope() > 0) {
      node.put("out_of_scope_rows", withheld.outOfScope());
      node.put("out_of_scope_recall", withheld.recall());
      if (withheld.inAll() > 0) {
        node.put("out_of_scope_precision", withheld.precision());
      }
    }
    return node;
  }

  /** The same for programs; fractions. */
  ObjectNode json() {
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("model_id", modelId);
    node.put("rows", measured.cascade().rows());
    node.put("accuracy", measured.cascade().accuracy());
    node.put("macro_f1", measured.cascade().macroF1());
    node.put("weighted_f1", measured.cascade().weighted(ClassRow::f1));
    node.put("last_exit_accuracy", measured.last().accuracy());
    node.put("last_exit_macro_f1", measured.last().macroF1());
    node.put("majority_accuracy", measured.cascade().majority());
    node.put("drop_points", measured.outcome().dropPoints());
    node.put("cost_mean", measured.outcome().cost());
    node.put("cloud_only_cost_mean", measured.outcome().cloudOnlyCost());
    node.put("cost_reduction", measured.outcome().costReduction());
    ObjectNode share = node.putObject("share");
    share.put("mobile", measured.outcome().shares().get(0));
    share.put("edge", measured.outcome().shares().get(1));
    share.put("cloud", measured.outcome().shares().get(2));
    measured.withheld().ifPresent(withheld -> node.set("abstention", json(withheld)));
    ArrayNode classes = node.putArray("classes");
    for (ClassRow row : measured.cascade().classes()) {
      ObjectNode of = classes.addObject();
      of.put("label", row.label());
      of.put("precision", row.precision());
      of.put("recall", row.recall());
      of.put("f1", row.f1());
      of.put("support", row.support());
    }
    ArrayNode lost = node.putArray("recall_lost");
    for (RecallLost row : measured.recallLost()) {
      lost.addObject().put("label", row.label()).put("points", row.points());
    }
    ArrayNode exits = node.putArray("exits");
    for (BundleMeasurement.ExitRow row : measured.exits()) {
      ObjectNode of = exits.addObject();
      of.put("depth", row.depth());
      of.put("share", row.share());
      if (!Double.isNaN(row.accuracy())) {
        of.put("accuracy", row.accuracy());
      }
      of.put("accuracy_on_all", row.accuracyOnAll());
    }
    ArrayNode confusion = node.putArray("confusion");
    measured.cascade().confusions().forEach(row -> row.forEach(confusion.addArray()::add));
    return node;
  }
}
