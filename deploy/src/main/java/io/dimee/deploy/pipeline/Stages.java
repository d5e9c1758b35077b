package io.dimee.deploy.pipeline;

import io.dimee.topology.lifecycle.Closing;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The running parts of one process, in the order in which they were added. */
public final class Stages implements AutoCloseable {
  private final List<Stage> stages = new ArrayList<>();

  /** Adds a part that is not started yet, and owns it from now on. */
  public void add(Stage stage) {
    stages.add(stage);
  }

  /** Starts all parts. */
  public void start() {
    stages.forEach(Stage::start);
  }

  /** How the parts are; to be asked by any thread once they are started. */
  public List<Health> health() {
    return stages.stream().map(Stage::health).toList();
  }

  /** Rethrows what stopped a part, if anything did. */
  public void throwIfFailed() {
    for (Stage stage : stages) {
      try {
        stage.ended().getNow(null);
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
  }

  /** Closes the last part first; all are closed, also when one cannot be. */
  @Override
  public void close() {
    List<Stage> lastFirst = new ArrayList<>(stages);
    Collections.reverse(lastFirst);
    Throwable failure = Closing.all(null, lastFirst.toArray(Stage[]::new));
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }
}
