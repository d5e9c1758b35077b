package io.dimee.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The epoch that did best on held-out rows, with its weights, in files that a run continues from;
 * and whether epochs have brought nothing for too long.
 */
final class BestEpoch {
  private static final String WEIGHTS = "best.safetensors";
  private static final String STATE = "best.json";

  private final ObjectMapper json = new ObjectMapper();
  private final Path work;
  private final int patience;
  private int epoch;
  private int last;
  private double score = Double.NEGATIVE_INFINITY;

  /**
   * Begins, or continues.
   *
   * @param work folder of the files
   * @param patience epochs without a better one after which training ends
   * @param isContinued whether to continue from the files of an earlier run
   */
  BestEpoch(Path work, int patience, boolean isContinued) {
    this.work = work;
    this.patience = patience;
    Path state = work.resolve(STATE);
    if (isContinued && Files.exists(state)) {
      try {
        JsonNode node = json.readTree(state.toFile());
        epoch = node.path("epoch").intValue();
        last = node.path("last").intValue();
        score = node.path("score").doubleValue();
      } catch (IOException e) {
        throw new DataException("cannot read %s: %s".formatted(state, e), e);
      }
    }
  }

  /**
   * Looks at an epoch.
   *
   * @param number from 1
   * @param reached on held-out rows; more is better
   */
  void add(int number, double reached, Map<String, Tensor> weights) {
    last = number;
    try {
      if (reached > score) {
        SafeTensors.write(work.resolve(WEIGHTS), weights, SafeTensors.Precision.F32);
        epoch = number;
        score = reached;
      }
      ObjectNode node = json.createObjectNode();
      node.put("epoch", epoch).put("last", last).put("score", score);
      Files.writeString(work.resolve(STATE), node + "\n");
    } catch (IOException e) {
      throw new DataException("cannot write into %s: %s".formatted(work, e), e);
    }
  }

  /** Whether the last epochs were no better. */
  boolean isOver() {
    return last - epoch >= patience;
  }

  /** The best epoch so far, from 1. */
  int epoch() {
    return epoch;
  }

  /** The weights of the best epoch. */
  Map<String, Tensor> weights() {
    try {
      return SafeTensors.read(work.resolve(WEIGHTS));
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(work.resolve(WEIGHTS), e), e);
    }
  }
}
