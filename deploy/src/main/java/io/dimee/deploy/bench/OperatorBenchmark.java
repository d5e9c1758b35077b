package io.dimee.deploy.bench;

import io.dimee.deploy.TemporaryFolder;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.exits.OperatorProfile;
import java.util.ArrayList;
import java.util.List;

/** Which operators the layers' time goes to, in each precision that a bundle can be computed in. */
final class OperatorBenchmark {
  private static final int TOKENS = 32;
  private static final int RUNS = 5;

  private final ModelSource source;

  OperatorBenchmark(ModelSource source) {
    this.source = source;
  }

  List<OperatorSpeed> run() {
    List<OperatorSpeed> rows =
        new ArrayList<>(profile(LayerBenchmark.FP32, source.bundle().inFp32()));
    if (source.bundle().ranges().isPresent()) {
      rows.addAll(profile(LayerBenchmark.INT8, source.bundle()));
    }
    return rows;
  }

  private List<OperatorSpeed> profile(String name, Bundle bundle) {
    try (TemporaryFolder folder = TemporaryFolder.create("dimee-profile")) {
      List<OperatorProfile.OperatorTime> times =
          new OperatorProfile(bundle, new ModelFiles(bundle, source.cache()))
              .measure(LayerBenchmark.texts(TOKENS), RUNS, folder.path());
      double all = times.stream().mapToDouble(OperatorProfile.OperatorTime::millis).sum();
      return times.stream()
          .map(time -> new OperatorSpeed(name, time.operator(), time.millis(), time.millis() / all))
          .toList();
    }
  }
}
