package io.dimee.calibration.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.files.Hashing;
import io.dimee.tables.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data set of its user's own files. Rows to measure on are those of dev, else of test, else a
 * part of train.
 */
public final class LabelledData implements DataSet {
  /** Part of the training rows that is measured on when there are no others. */
  private static final double DEV_SHARE = 0.15;

  private static final int MOST_DEV = 2_000;

  /** What a bundle records of the files that were measured on, by hash. */
  public static final String MEASURED_SHA256 = "measured_sha256";

  private final String name;
  private final DataFiles files;
  private final Reading reading;
  private final TableOpener opener;
  private final List<String> labels;
  private final boolean isPair;

  private LabelledData(
      String name,
      DataFiles files,
      Reading reading,
      TableOpener opener,
      List<String> labels,
      boolean isPair) {
    this.name = name;
    this.files = files;
    this.reading = reading;
    this.opener = opener;
    this.labels = labels;
    this.isPair = isPair;
  }

  /**
   * A data set that was checked.
   *
   * @param name which a bundle records
   * @throws DataException with the first error that was found
   */
  public static LabelledData of(
      String name, DataFiles files, Reading reading, TableOpener opener, CheckReport checked) {
    checked.requireNoErrors();
    return new LabelledData(name, files, reading, opener, checked.labels(), checked.isPair());
  }

  /** The data set that a bundle was trained on, read as it was then. */
  public static LabelledData of(
      BundleManifest manifest, DataFiles files, Reading reading, TableOpener opener) {
    return new LabelledData(
        manifest.task(),
        files,
        reading.of(manifest.labels()),
        opener,
        manifest.labels(),
        Boolean.TRUE.equals(manifest.pair()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> labels() {
    return labels;
  }

  @Override
  public boolean isPair() {
    return isPair;
  }

  @Override
  public Score score() {
    return Score.ACCURACY;
  }

  @Override
  public boolean hasF1() {
    return false;
  }

  @Override
  public String place() {
    return "data=" + files.train();
  }

  @Override
  public TaskData rows(int heldOut, long seed) {
    Map<Split, List<Example>> all = read();
    Map<Split, List<Example>> read = only(all, row -> row.label() >= 0);
    List<Example> train = read.getOrDefault(Split.TRAIN, List.of());
    List<Example> measured =
        read.containsKey(Split.DEV) ? read.get(Split.DEV) : read.get(Split.TEST);
    Set<Long> seen = new HashSet<>();
    Stream.of(Split.DEV, Split.TEST)
        .flatMap(split -> read.getOrDefault(split, List.of()).stream())
        .forEach(row -> seen.add(key(row)));
    List<Example> unseen = train.stream().filter(row -> !seen.contains(key(row))).toList();
    if (measured == null) {
      StratifiedSplit parts = StratifiedSplit.of(unseen, devSize(unseen.size()), seed);
      unseen = parts.kept();
      measured = parts.taken();
    }
    StratifiedSplit parts = StratifiedSplit.of(unseen, heldOut, seed);
    ObjectNode identity = new ObjectMapper().createObjectNode();
    identity.put("data_sha256", sha256(files.train()));
    // which training rows are held out depends on what is measured on
    identity.put(
        MEASURED_SHA256,
        Stream.of(files.dev(), files.test())
            .flatMap(Optional::stream)
            .map(LabelledData::sha256)
            .collect(Collectors.joining(",")));
    identity.put("split", "stratified");
    identity.set("reading", ReadingJson.of(reading));
    identity.put("rows_trained", parts.kept().size());
    identity.put("rows_held_out", parts.taken().size());
    return new TaskData(
        parts.kept(),
        parts.taken(),
        measured,
        outOfScope(only(all, row -> row.label() < 0), seed),
        identity);
  }

  private static Map<Split, List<Example>> only(
      Map<Split, List<Example>> rows, Predicate<Example> condition) {
    Map<Split, List<Example>> some = new EnumMap<>(Split.class);
    rows.forEach(
        (split, ofSplit) -> {
          List<Example> left = ofSplit.stream().filter(condition).toList();
          if (!left.isEmpty()) {
            some.put(split, left);
          }
        });
    return some;
  }

  /**
   * Those of train to calibrate on, those of dev or test to measure on; where there are no others,
   * half of train's.
   */
  private static TaskData.OutOfScope outOfScope(Map<Split, List<Example>> rows, long seed) {
    List<Example> train = rows.getOrDefault(Split.TRAIN, List.of());
    List<Example> measured =
        rows.containsKey(Split.DEV) ? rows.get(Split.DEV) : rows.get(Split.TEST);
    if (measured != null || train.size() < 2) {
      return new TaskData.OutOfScope(train, measured == null ? List.of() : measured);
    }
    StratifiedSplit halves = StratifiedSplit.of(train, train.size() / 2, seed);
    return new TaskData.OutOfScope(halves.kept(), halves.taken());
  }

  private static int devSize(int rows) {
    return (int) Math.min(MOST_DEV, DEV_SHARE * rows);
  }

  private static long key(Example row) {
    return TextKey.of(row.text(), row.pair());
  }

  /**
   * All rows that can be used, by split; a split that is not there is missing. Those of no class
   * have the label -1.
   */
  private Map<Split, List<Example>> read() {
    Map<Split, List<Example>> rows = new EnumMap<>(Split.class);
    files
        .all()
        .forEach(
            entry -> {
              try (LabelledFile file = LabelledFile.open(entry.getValue(), reading, opener)) {
                for (LabelledRow row = file.next(); row != null; row = file.next()) {
                  int label = labels.indexOf(row.label());
                  boolean isUnknown =
                      reading.labels().unknown().filter(row.label()::equals).isPresent();
                  if ((label >= 0 || isUnknown) && !row.isBlank()) {
                    rows.computeIfAbsent(
                            row.split().orElse(entry.getKey()), split -> new ArrayList<>())
                        .add(new Example(row.text(), row.pair(), label, row.line()));
                  }
                }
              } catch (IOException e) {
                throw new DataException("cannot read %s: %s".formatted(entry.getValue(), e), e);
              }
            });
    return rows;
  }

  @Override
  public void requireSeveralClasses(TaskData rows) {
    // the check has seen to that, and the split leaves rows of every class in each part
  }

  private static String sha256(Path file) {
    try {
      return Hashing.sha256(file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }
}
