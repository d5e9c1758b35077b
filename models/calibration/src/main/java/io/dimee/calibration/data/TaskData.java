package io.dimee.calibration.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.files.Hashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task's rows: to train on, to calibrate on, to measure on. No row is in two of them.
 *
 * @param outOfScope rows of no class
 * @param identity hashes and counts that tell one set of rows from another
 */
public record TaskData(
    List<Example> train,
    List<Example> heldOut,
    List<Example> dev,
    OutOfScope outOfScope,
    ObjectNode identity) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskData.class);

  /**
   * Rows of no class, which nothing is trained on.
   *
   * @param heldOut to calibrate on, which answers to withhold
   * @param dev to measure that on
   */
  public record OutOfScope(List<Example> heldOut, List<Example> dev) {
    /** No rows. */
    public static final OutOfScope NONE = new OutOfScope(List.of(), List.of());
  }

  /** Rows that all have a class. */
  public TaskData(
      List<Example> train, List<Example> heldOut, List<Example> dev, ObjectNode identity) {
    this(train, heldOut, dev, OutOfScope.NONE, identity);
  }

  /**
   * Reads a task's files.
   *
   * <p>Training rows that dev repeats are left out: what was trained on must not be measured on.
   *
   * @param root folder with one folder a task
   * @param extra other tasks of the same classes whose rows are trained on too
   * @param heldOut rows to calibrate on
   * @param seed of the choice of those rows
   * @throws DataException naming file and line of what cannot be used
   */
  static TaskData read(Path root, GlueTask task, List<GlueTask> extra, int heldOut, long seed) {
    TaskData own = split(root, task, heldOut, seed);
    Path devFile = file(root, task, task.devFile());
    Set<String> seen = new HashSet<>();
    own.dev().forEach(example -> seen.add(HoldOut.normalized(example)));
    own.heldOut().forEach(example -> seen.add(HoldOut.normalized(example)));
    List<Example> train = new ArrayList<>(own.train());
    ObjectNode identity = own.identity().deepCopy();
    for (GlueTask other : extra) {
      Path file = file(root, other, "train.tsv");
      train.addAll(unseen(read(other, file), seen, file, devFile));
      identity.put("data_sha256_" + other.bundleName(), sha256(file));
    }
    identity.put("rows_trained", train.size());
    return new TaskData(List.copyOf(train), own.heldOut(), own.dev(), identity);
  }

  private static List<Example> read(GlueTask task, Path file) {
    return LabelledTexts.readAll(file, task.reading(), task.codes());
  }

  private static TaskData split(Path root, GlueTask task, int heldOut, long seed) {
    Path devFile = file(root, task, task.devFile());
    List<Example> dev = read(task, devFile);
    Set<String> seen = new HashSet<>();
    dev.forEach(example -> seen.add(HoldOut.normalized(example)));
    Path trainFile = file(root, task, "train.tsv");
    HoldOut parts =
        HoldOut.split(unseen(read(task, trainFile), seen, trainFile, devFile), heldOut, seed);
    ObjectNode identity = new ObjectMapper().createObjectNode();
    identity.put("data_sha256", sha256(trainFile));
    identity.put("rows_trained", parts.train().size());
    identity.put("rows_held_out", parts.heldOut().size());
    return new TaskData(parts.train(), parts.heldOut(), dev, identity);
  }

  /** A model trained or calibrated on one class is always right there and nowhere else. */
  void requireSeveralClasses(GlueTask task) {
    requireSeveralClasses(task, train, "rows to train on");
    requireSeveralClasses(task, heldOut, "rows held out for calibration");
    if (classes(dev) == 1) {
      LOG.warn(
          "{} {}: all rows have the same label; figures measured on them say nothing about other classes",
          task.folder(),
          task.devFile());
    }
  }

  private static void requireSeveralClasses(GlueTask task, List<Example> rows, String which) {
    if (classes(rows) == 1) {
      throw new DataException(
          "%s: all %d %s have the label %s; valid: rows of two or more of %s"
              .formatted(
                  task.folder(),
                  rows.size(),
                  which,
                  task.codes().get(rows.get(0).label()),
                  task.codes()));
    }
  }

  private static long classes(List<Example> rows) {
    return rows.stream().mapToInt(Example::label).distinct().count();
  }

  private static Path file(Path root, GlueTask task, String name) {
    Path folder = root.resolve(task.folder());
    if (!Files.isDirectory(folder)) {
      throw new DataException("data=%s has no folder %s".formatted(root, task.folder()));
    }
    return folder.resolve(name);
  }

  private static List<Example> unseen(
      List<Example> rows, Set<String> seen, Path file, Path devFile) {
    List<Example> unseen =
        rows.stream().filter(e -> !seen.contains(HoldOut.normalized(e))).toList();
    if (unseen.size() < rows.size()) {
      Example first =
          rows.stream().filter(e -> seen.contains(HoldOut.normalized(e))).findFirst().orElseThrow();
      LOG.warn(
          "{} line {}: this row and {} others are also in {}; they are left out of training",
          file,
          first.line(),
          rows.size() - unseen.size() - 1,
          devFile);
    }
    return unseen;
  }

  private static String sha256(Path file) {
    try {
      return Hashing.sha256(file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }
}
