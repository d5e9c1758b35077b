package io.dimee.local;

import io.dimee.client.outcomes.Summary;
import io.dimee.console.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's summary as a table for people. */
final class SummaryTable {
  private SummaryTable() {}

  private record Row(String what, String value) {}

  static Table.Lines render(Summary summary, String policy, String modelId) {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row("policy", policy));
    rows.add(new Row("model", modelId));
    rows.add(new Row("events", Long.toString(summary.events())));
    rows.add(new Row("answered", Long.toString(summary.answered())));
    if (summary.unknown() != null) {
      rows.add(new Row("withheld", Long.toString(summary.unknown())));
    }
    rows.add(new Row("dead letters", deadLetters(summary)));
    if (summary.accuracy() != null) {
      rows.add(new Row("accuracy", Table.percent(summary.accuracy(), 1)));
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
                          ? Table.percent(share, 1)
                          : "%s, mean confidence %s"
                              .formatted(Table.percent(share, 1), Table.decimal(confidence))));
            });
    rows.add(new Row("layers, mean", Table.decimal(summary.layersMean())));
    rows.add(
        new Row(
            "cost, mean",
            "%s against %s in the cloud alone"
                .formatted(
                    Table.decimal(summary.costMean()),
                    Table.decimal(summary.cloudOnlyCostMean()))));
    rows.add(new Row("cost reduction", Table.percent(summary.costReduction(), 1)));
    rows.add(new Row("bytes offloaded, mean", "%.0f".formatted(summary.bytesOffloadedMean())));
    rows.add(
        new Row(
            "throughput",
            String.format(
                Locale.ROOT,
                "%.0f events/s over %.1f s",
                summary.eventsPerSecond(),
                summary.seconds())));
    return new Table<Row>().text(null, Row::what).text(null, Row::value).of(rows);
  }

  private static String deadLetters(Summary summary) {
    return summary.deadLetterReasons() == null
        ? Long.toString(summary.deadLetters())
        : summary.deadLetters() + " " + summary.deadLetterReasons();
  }
}
