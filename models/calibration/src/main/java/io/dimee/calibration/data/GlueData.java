package io.dimee.calibration.data;

import java.nio.file.Path;
import java.util.List;

/**
 * A data set of GLUE, as its files are published.
 *
 * @param root folder with one folder a data set
 * @param extra others of the same classes whose rows are trained on too
 */
public record GlueData(Path root, GlueTask task, List<GlueTask> extra) implements DataSet {
  /** A data set without the rows of others. */
  public GlueData(Path root, GlueTask task) {
    this(root, task, List.of());
  }

  @Override
  public String name() {
    return task.folder();
  }

  @Override
  public List<String> labels() {
    return task.labels();
  }

  @Override
  public boolean isPair() {
    return task.isPair();
  }

  @Override
  public Score score() {
    return task.score();
  }

  @Override
  public boolean hasF1() {
    return task == GlueTask.MRPC || task == GlueTask.QQP;
  }

  @Override
  public String place() {
    return "data=%s: %s/train.tsv".formatted(root, task.folder());
  }

  @Override
  public TaskData rows(int heldOut, long seed) {
    return TaskData.read(root, task, extra, heldOut, seed);
  }

  @Override
  public void requireSeveralClasses(TaskData rows) {
    rows.requireSeveralClasses(task);
  }
}
