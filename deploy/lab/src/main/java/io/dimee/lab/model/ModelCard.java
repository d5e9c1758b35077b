package io.dimee.lab.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.dimee.calibration.evaluation.BundleMeasurement;
import io.dimee.calibration.evaluation.ClassReport;
import io.dimee.console.Printable;
import io.dimee.inference.bundle.BundleManifest;
import java.util.List;
import java.util.Locale;

/**
 * A bundle's README: what it answers, how well, at what cost, and what it was made of, under the
 * headings and with the front matter of Hugging Face's model cards.
 */
final class ModelCard {
  private static final int CLASSES_SHOWN = 200;
  private static final int LONGEST_LABEL = 80;

  private final BundleDescription about;
  private final BundleManifest manifest;
  private final BundleMeasurement measured;

  ModelCard(BundleDescription about) {
    this.about = about;
    this.manifest = about.bundle().manifest();
    this.measured = about.measured();
  }

  String markdown() {
    JsonNode training = manifest.training();
    StringBuilder card = new StringBuilder();
    card.append(frontMatter());
    line(card, "# %s", text(manifest.name()));
    line(
        card,
        "Early-exit text classifier with %d classes, for [mobile, edge and cloud tiers on Apache Kafka]"
            + "(https://arxiv.org/abs/2410.05338). Trained on `%s`, %s.",
        manifest.labels().size(),
        code(manifest.task()),
        Boolean.TRUE.equals(manifest.pair()) ? "pairs of texts" : "single texts");
    line(card, "## Uses");
    line(card, "```\ndimee run --bundle %s --input FILE\n```", manifest.name());
    line(
        card,
        "It answers every text with one of its labels%s; texts of other kinds, or in other languages than it was"
            + " trained on, too. Inputs longer than %d tokens are cut.",
        manifest.abstainBelow() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", unless the last exit is less than %.4f sure of it",
                manifest.abstainBelow()),
        manifest.maxTokens());
    line(card, "## Evaluation");
    ClassReport cascade = measured.cascade();
    ClassReport last = measured.last();
    line(
        card,
        """
        On %d rows that it was not trained or calibrated on, at the prices in `manifest.json`:

        | | accuracy | macro F1 | cost |
        | --- | --- | --- | --- |
        | early exits | %.2f %% | %.2f %% | %.2f |
        %s| last exit | %.2f %% | %.2f %% | %.2f (cloud alone) |
        %s| most frequent class | %.2f %% | | |""",
        cascade.rows(),
        100 * cascade.accuracy(),
        100 * cascade.macroF1(),
        measured.outcome().cost(),
        about
            .withoutWords()
            .map(
                without ->
                    String.format(
                        Locale.ROOT,
                        "| early exits without exit 0 | %.2f %% | | %.2f |%n",
                        100 * without.accuracy(),
                        without.cost()))
            .orElse(""),
        100 * last.accuracy(),
        100 * last.macroF1(),
        measured.outcome().cloudOnlyCost(),
        about
            .baseline()
            .map(
                words ->
                    String.format(
                        Locale.ROOT,
                        "| words alone | %.2f %% | %.2f %% | |%n",
                        100 * words.accuracy(),
                        100 * words.macroF1()))
            .orElse(""),
        100 * cascade.majority());
    measured.withheld().ifPresent(withheld -> line(card, "%s", withheld(withheld)));
    line(
        card,
        "| exit | answers | accuracy on these | on all rows |\n| --- | --- | --- | --- |\n%s",
        exits());
    line(
        card,
        "| label | precision | recall | F1 | support | recall lost by early exits |\n| --- | --- | --- | --- | --- | --- |\n%s",
        classes());
    line(card, "## Training");
    line(
        card,
        "Encoder: `%s`. Data: SHA-256 `%s`. Made by:\n\n```\n%s\n```",
        manifest.backbone().name(),
        training.path("data_sha256").asText(),
        code(training.path("command").asText()));
    line(
        card,
        "Options, seed, prices, thresholds and all figures are in `manifest.json`; figures for programs in"
            + " `metrics.json`; what a check of the data found in `checks.json`.");
    return card.toString();
  }

  private static String withheld(BundleMeasurement.Withheld withheld) {
    StringBuilder text = new StringBuilder();
    text.append("Answers are withheld for %d of these rows".formatted(withheld.ofRows()));
    if (withheld.ofRows() < withheld.rows()) {
      text.append(
          String.format(
              Locale.ROOT, "; %.2f %% of the others are right", 100 * withheld.accuracy()));
    }
    text.append('.');
    if (withheld.outOfScope() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              " Of %d rows out of scope, %d are withheld (%.1f %%), of %d rows in all.",
              withheld.outOfScope(),
              withheld.ofOutOfScope(),
              100 * withheld.recall(),
              withheld.inAll()));
    }
    return text.toString();
  }

  private String frontMatter() {
    return """
        ---
        library_name: dimee
        pipeline_tag: text-classification
        base_model: %s
        tags:
        - early-exit
        - onnx
        metrics:
        - accuracy
        - f1
        ---

        """
        .formatted(manifest.backbone().name());
  }

  private String exits() {
    StringBuilder rows = new StringBuilder();
    for (BundleMeasurement.ExitRow exit : measured.exits()) {
      rows.append(
          String.format(
              Locale.ROOT,
              "| %d | %.1f %% | %s | %.1f %% |%n",
              exit.depth(),
              100 * exit.share(),
              Double.isNaN(exit.accuracy())
                  ? ""
                  : String.format(Locale.ROOT, "%.1f %%", 100 * exit.accuracy()),
              100 * exit.accuracyOnAll()));
    }
    return rows.toString();
  }

  private String classes() {
    StringBuilder rows = new StringBuilder();
    List<ClassReport.ClassRow> classes = measured.cascade().classes();
    for (int label = 0; label < Math.min(CLASSES_SHOWN, classes.size()); label++) {
      ClassReport.ClassRow row = classes.get(label);
      rows.append(
          String.format(
              Locale.ROOT,
              "| %s | %.1f %% | %.1f %% | %.1f %% | %d | %s |%n",
              text(row.label()),
              100 * row.precision(),
              100 * row.recall(),
              100 * row.f1(),
              row.support(),
              row.support() == 0
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "%.1f",
                      100 * (measured.last().classes().get(label).recall() - row.recall()))));
    }
    return rows.toString();
  }

  private static void line(StringBuilder card, String format, Object... values) {
    card.append(String.format(Locale.ROOT, format, values).stripTrailing()).append("\n\n");
  }

  /** What users wrote, as text of a table's cell: no markup, no new cell, no new line. */
  static String text(String theirs) {
    String line = Printable.line(theirs);
    String cut = line.length() > LONGEST_LABEL ? line.substring(0, LONGEST_LABEL) + "…" : line;
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < cut.length(); i++) {
      char c = cut.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '|', '\\', '`', '*', '_', '[', ']', '#', '!', '~', '$' ->
            escaped.append('\\').append(c);
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }

  /** What users wrote, between backticks. */
  private static String code(String theirs) {
    return Printable.line(theirs).replace('`', '\'');
  }
}
