package io.dimee.calibration.data;

import io.dimee.calibration.data.Finding.Kind;
import io.dimee.calibration.data.Finding.Severity;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.tables.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Looks at every row of a data set, and trains nothing: one pass over its files, as a stream. The
 * rows themselves are not kept, only a hash of each text.
 */
public final class DataCheck {
  /** Rows whose tokens are counted; they tell the shares of all. */
  private static final int TOKENIZED = 20_000;

  /** A text with more unknown tokens than this is in another language than the encoder. */
  private static final double UNKNOWN = 0.5;

  /** Share of such texts from which it is worth a word. */
  private static final double FOREIGN = 0.01;

  private final Reading reading;
  private final TableOpener opener;
  private final int minPerClass;
  private final LongConsumer progress;

  /**
   * Prepares a check.
   *
   * @param minPerClass rows that every class must have
   * @param progress is told how many rows were read
   */
  public DataCheck(Reading reading, TableOpener opener, int minPerClass, LongConsumer progress) {
    this.reading = reading;
    this.opener = opener;
    this.minPerClass = minPerClass;
    this.progress = progress;
  }

  /** What is being counted. */
  private final class Pass {
    private final TextTokenizer tokenizer;
    private final Map<Split, SplitScan> scans = new EnumMap<>(Split.class);
    private final SplitScan.Places truncated = new SplitScan.Places();
    private final SplitScan.Places unknown = new SplitScan.Places();
    private final SplitScan.Places malformed = new SplitScan.Places();
    private final List<String> faults = new ArrayList<>();
    private long tokenized;
    private long rows;
    private long outOfScope;
    private boolean isPair;

    Pass(TextTokenizer tokenizer) {
      this.tokenizer = tokenizer;
    }

    void file(Split split, Path path) {
      try (LabelledFile file = LabelledFile.open(path, reading, opener)) {
        isPair = file.isPair();
        for (LabelledRow row = file.next(); row != null; row = file.next()) {
          row(row.split().orElse(split), path.getFileName().toString(), row);
          progress.accept(++rows);
        }
        if (file.malformed() > 0) {
          malformed.add(
              file.malformed(),
              SplitScan.Places.of(path.getFileName().toString(), file.firstMalformed().line()));
          faults.add(file.firstMalformed().fault());
        }
      } catch (IOException e) {
        throw new DataException("cannot read %s: %s".formatted(path, e), e);
      }
    }

    private void row(Split split, String file, LabelledRow row) {
      LabelRules rules = reading.labels();
      if (rules.dropped().contains(row.label())) {
        return;
      }
      if (rules.unknown().filter(row.label()::equals).isPresent()) {
        outOfScope++;
        return;
      }
      SplitScan scan = scans.computeIfAbsent(split, s -> new SplitScan());
      if (scan.add(file, row) && split == Split.TRAIN && tokenized < TOKENIZED) {
        tokenized++;
        tokens(SplitScan.Places.of(file, row.line()), row);
      }
    }

    private void tokens(String place, LabelledRow row) {
      TokenizedText tokens = tokenizer.tokenize(row.text(), row.pair());
      if (tokens.truncated()) {
        truncated.add(place);
      }
      if (tokenizer.unknownShare(tokens) > UNKNOWN) {
        unknown.add(place);
      }
    }
  }

  /**
   * Checks a data set.
   *
   * @param tokenizer of the encoder, with the limit that texts are cut at
   * @throws DataException when a file cannot be read to its end
   */
  public CheckReport check(DataFiles files, TextTokenizer tokenizer) {
    Pass pass = new Pass(tokenizer);
    files.all().forEach(entry -> pass.file(entry.getKey(), entry.getValue()));
    SplitScan train = pass.scans.getOrDefault(Split.TRAIN, new SplitScan());
    List<String> labels =
        reading.labels().order().isEmpty()
            ? LabelOrder.sorted(train.labels().keySet())
            : reading.labels().order();
    LabelCheck labelCheck = new LabelCheck(labels, minPerClass);
    List<Finding> findings = new ArrayList<>(labelCheck.ofTrain(train));
    boolean areClasses =
        findings.stream()
            .noneMatch(f -> f.kind() == Kind.SEVERAL_LABELS || f.kind() == Kind.TOO_MANY_LABELS);
    pass.scans.forEach(
        (split, scan) -> {
          if (split != Split.TRAIN) {
            if (areClasses) {
              findings.addAll(labelCheck.ofOther(split, scan));
            }
            warn(
                findings,
                Kind.IN_TRAIN_TOO,
                scan.alsoIn(train),
                "{n} of {of} rows of %s have a text of train; they are left out of training"
                    .formatted(split.names().get(0)),
                scan.usable());
          }
          ofRows(findings, split.names().get(0), scan);
        });
    malformed(findings, pass);
    warn(
        findings,
        Kind.TRUNCATED,
        pass.truncated,
        "{n} of {of} texts (%.1f %%) have more tokens than the encoder sees; the rest is cut off",
        pass.tokenized);
    // an emoji alone is unknown, too, and there are some everywhere
    if (pass.unknown.rows() >= FOREIGN * pass.tokenized) {
      warn(
          findings,
          Kind.UNKNOWN_WORDS,
          pass.unknown,
          "{n} of {of} texts (%.1f %%) are mostly unknown to the encoder, as texts in another language are",
          pass.tokenized);
    }
    Map<Split, CheckReport.SplitCounts> counts = new EnumMap<>(Split.class);
    pass.scans.forEach((split, scan) -> counts.put(split, CheckReport.SplitCounts.of(scan)));
    findings.sort(Comparator.comparing(Finding::severity));
    return new CheckReport(labels, pass.isPair, counts, pass.outOfScope, findings);
  }

  private static void ofRows(List<Finding> findings, String split, SplitScan scan) {
    long of = scan.rows();
    warn(
        findings,
        Kind.BLANK_TEXTS,
        scan.blank(),
        "{n} of {of} rows of " + split + " have no text; they are left out",
        of);
    warn(
        findings,
        Kind.NO_LABEL,
        scan.unlabelled(),
        "{n} of {of} rows of " + split + " have no label; they are left out",
        of);
    warn(
        findings,
        Kind.CONFLICTING_LABELS,
        scan.conflicts(),
        "{n} of {of} rows of " + split + " repeat a text with another label",
        of);
    warn(
        findings,
        Kind.DUPLICATES,
        scan.duplicates(),
        "{n} of {of} rows of " + split + " repeat a text with the same label",
        of);
    warn(
        findings,
        Kind.CONTROL_CHARACTERS,
        scan.control(),
        "{n} of {of} rows of "
            + split
            + " hold NUL or other control characters; the encoder does not see them",
        of);
    warn(
        findings,
        Kind.REPLACEMENT_CHARACTERS,
        scan.replaced(),
        "{n} of {of} rows of " + split + " hold U+FFFD: their bytes were lost before",
        of);
  }

  private static void malformed(List<Finding> findings, Pass pass) {
    if (pass.malformed.rows() > 0) {
      findings.add(
          new Finding(
              Severity.WARNING,
              Kind.MALFORMED_ROWS,
              "%d of %d rows are malformed and left out; the first: %s"
                  .formatted(
                      pass.malformed.rows(), pass.rows + pass.malformed.rows(), pass.faults.get(0)),
              pass.malformed.rows(),
              pass.malformed.first()));
    }
  }

  private static void warn(
      List<Finding> findings, Kind kind, SplitScan.Places places, String message, long of) {
    if (places.rows() > 0) {
      String text =
          message
              .replace("{n}", Long.toString(places.rows()))
              .replace("{of}", Long.toString(of))
              .replace("%.1f", String.format(Locale.ROOT, "%.1f", 100.0 * places.rows() / of))
              .replace("%%", "%");
      findings.add(new Finding(Severity.WARNING, kind, text, places.rows(), places.first()));
    }
  }
}
