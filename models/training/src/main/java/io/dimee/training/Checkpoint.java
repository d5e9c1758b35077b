package io.dimee.training;

import ai.djl.ndarray.NDManager;
import io.dimee.calibration.data.DataException;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Parameters and optimizer state of a run in one file, replaced atomically. */
final class Checkpoint {
  private static final String STEP = "step";

  private final Path file;

  Checkpoint(Path file) {
    this.file = file;
  }

  void save(int step, List<ParameterGroup> groups) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    // exact up to 2^24 steps
    tensors.put(STEP, Tensor.of(new float[] {step}, 1));
    groups.forEach(group -> group.save(tensors));
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      SafeTensors.write(temporary, tensors, SafeTensors.Precision.F32);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DataException("cannot write the checkpoint %s: %s".formatted(file, e), e);
    }
  }

  /** Restores the last saved step; empty when there is none. */
  OptionalInt restore(NDManager manager, List<ParameterGroup> groups) {
    if (!Files.exists(file)) {
      return OptionalInt.empty();
    }
    try {
      Map<String, Tensor> tensors = SafeTensors.read(file);
      Tensor step = tensors.get(STEP);
      if (step == null || step.values().remaining() != 1) {
        throw new DataException("%s is not a checkpoint: it has no step".formatted(file));
      }
      groups.forEach(group -> group.restore(manager, tensors));
      return OptionalInt.of((int) step.values().get(0));
    } catch (IOException e) {
      throw new DataException("cannot read the checkpoint %s: %s".formatted(file, e), e);
    }
  }
}
