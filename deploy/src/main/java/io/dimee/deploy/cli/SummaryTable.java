package io.dimee.deploy.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.dimee.deploy.pipeline.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's summary as a table for people. */
final class SummaryTable {
  private SummaryTable() {}

  private record Row(String what, String value) {}

  static String render(Summary summary, String policy, String modelId) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("policy", policy));
    rows.add(new Row("model", modelId));
    rows.add(new Row("events", Long.toString(summary.events())));
    rows.add(new Row("answered", Long.toString(summary.answered())));
    rows.add(new Row("dead letters", deadLetters(summary)));
    if (summary.accuracy() != null) {
      rows.add(new Row("accuracy", percent(summary.accuracy())));
    }
    summary
        .share()
        .forEach(
            (tier, share) -> {
              Double confidence = summary.confidenceMean().get(tier);
              rows.add(
                  new Row(
                      "answered by " + tier,
                      confidence == null
                          ? percent(share)
                          : "%s, mean confidence %s"
                              .formatted(percent(share), decimal(confidence))));
            });
    rows.add(new Row("layers, mean", decimal(summary.layersMean())));
    rows.add(
        new Row(
            "cost, mean",
            "%s against %s in the cloud alone"
                .formatted(decimal(summary.costMean()), decimal(summary.cloudOnlyCostMean()))));
    rows.add(new Row("cost reduction", percent(summary.costReduction())));
    rows.add(new Row("bytes offloaded, mean", "%.0f".formatted(summary.bytesOffloadedMean())));
    rows.add(
        new Row(
            "throughput",
            String.format(
                Locale.ROOT,
                "%.0f events/s over %.1f s",
                summary.eventsPerSecond(),
                summary.seconds())));
    return AsciiTable.builder()
        .border(AsciiTable.NO_BORDERS)
        .data(
            rows,
            List.of(
                new Column().dataAlign(HorizontalAlign.LEFT).with(Row::what),
                new Column().dataAlign(HorizontalAlign.LEFT).maxWidth(80).with(Row::value)))
        .asString();
  }

  private static String deadLetters(Summary summary) {
    return summary.deadLetterReasons() == null
        ? Long.toString(summary.deadLetters())
        : summary.deadLetters() + " " + summary.deadLetterReasons();
  }

  private static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
