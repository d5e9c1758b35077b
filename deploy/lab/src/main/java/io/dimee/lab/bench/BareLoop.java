package io.dimee.lab.bench;

import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.node.stages.ModelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The bound: the same segments on batches as large as a tier's, without Kafka, records and hops.
 * One model a core, which is as fast as one model on all cores and needs no waiting for each other.
 */
final class BareLoop implements AutoCloseable {
  private static final int WORKS_PER_BATCH = 256;

  private final SegmentSet segments;
  private final List<EarlyExitModel> models = new ArrayList<>();
  private final Architecture encoder;
  private final int deepest;

  BareLoop(ModelSource source, int cores) {
    this.encoder = source.bundle().manifest().encoder();
    this.deepest = source.bundle().manifest().tiers().cloud();
    ModelFiles files = new ModelFiles(source.bundle(), source.cache());
    this.segments = SegmentSet.load(source.bundle(), files, deepest, 1);
    for (int i = 0; i < cores; i++) {
      models.add(segments.model());
    }
  }

  /** Answers all texts; returns the seconds that took. */
  double run(List<TokenizedText> texts) {
    Queue<List<Work>> batches = new ConcurrentLinkedQueue<>();
    for (int start = 0; start < texts.size(); start += WORKS_PER_BATCH) {
      batches.add(
          texts.subList(start, Math.min(texts.size(), start + WORKS_PER_BATCH)).stream()
              .map(text -> new Work(encoder, text, 0, null, 1, deepest))
              .toList());
    }
    long begin = System.nanoTime();
    CompletableFuture.allOf(
            models.stream()
                .map(
                    model ->
                        CompletableFuture.runAsync(
                            () -> drain(model, batches), task -> new Thread(task, "bare").start()))
                .toArray(CompletableFuture<?>[]::new))
        .join();
    return (System.nanoTime() - begin) / Load.NANOS_PER_SECOND;
  }

  private static void drain(EarlyExitModel model, Queue<List<Work>> batches) {
    for (List<Work> batch = batches.poll(); batch != null; batch = batches.poll()) {
      for (Outcome<Object> outcome : model.run(batch, (s, o, t, h) -> null)) {
        if (!(outcome instanceof Outcome.Answered)) {
          throw new IllegalStateException("the bare loop left an event unanswered: " + outcome);
        }
      }
    }
  }

  @Override
  public void close() {
    segments.close();
  }
}
