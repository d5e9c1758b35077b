package io.dimee.inference.exits;

import ai.onnxruntime.OrtException;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.onnx.BatchBuffers;
import io.dimee.inference.onnx.InferenceException;
import io.dimee.inference.onnx.Segment;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs works at mixed depths through the segments they need, in batches of like length; those that
 * an exit does not answer are regrouped for the next segment. For one thread at a time; {@link
 * SegmentSet} gives each thread its own, over the same weights.
 */
public final class EarlyExitModel {
  /**
   * Tokens of a batch, padding included: enough to fill the matrix products, little enough for the
   * caches.
   */
  private static final int TOKEN_BUDGET = 1_024;

  /** What a run costs beside its tokens: a tenth of a millisecond where 16 tokens take one. */
  private static final int RUN_TOKENS = 8;

  /** Tokens whose hidden states are kept between two segments: bounds memory at 25 MB. */
  private static final int RESIDENT_TOKENS = 16_384;

  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  private final List<Segment> segments;
  private final List<Exit> exits;
  private final int hidden;
  private final BatchPlanner planner = new BatchPlanner(TOKEN_BUDGET, RUN_TOKENS);
  private final BatchBuffers buffers = new BatchBuffers();
  private FloatBuffer kept = BatchBuffers.floats(0);

  /** Written by the one thread that runs, read by any. */
  private volatile InferenceUsage usage = InferenceUsage.NONE;

  /** Runs loaded segments, which stay their set's to close. */
  EarlyExitModel(List<Segment> segments, List<Exit> exits) {
    this.segments = segments;
    this.exits = exits;
    this.hidden = segments.get(0).hidden();
  }

  /** What has been run so far; to be asked by any thread. */
  public InferenceUsage usage() {
    return usage;
  }

  /** Depths of the exits, the shallowest first. */
  public List<Integer> depths() {
    return segments.stream().map(Segment::to).toList();
  }

  /** Depth of the deepest exit. */
  public int deepest() {
    return segments.get(segments.size() - 1).to();
  }

  /**
   * Runs works as deep as they need and this model goes.
   *
   * @param writer receives the hidden state of those that stay unanswered
   * @return one outcome a work, in their order
   */
  public <H> List<Outcome<H>> run(List<Work> works, HiddenStateWriter<H> writer) {
    List<Outcome<H>> outcomes = new ArrayList<>(works.size());
    int start = 0;
    while (start < works.size()) {
      int end = start;
      int tokens = 0;
      while (end < works.size()
          && (end == start || tokens + works.get(end).tokens() <= RESIDENT_TOKENS)) {
        tokens += works.get(end).tokens();
        end++;
      }
      outcomes.addAll(runResident(works.subList(start, end), tokens, writer));
      start = end;
    }
    return outcomes;
  }

  private <H> List<Outcome<H>> runResident(
      List<Work> works, int tokens, HiddenStateWriter<H> writer) {
    if (kept.capacity() < tokens * hidden) {
      kept = BatchBuffers.floats(tokens * hidden);
    }
    List<Progress<H>> all = new ArrayList<>(works.size());
    int offset = 0;
    for (Work work : works) {
      all.add(new Progress<>(work, offset));
      offset += work.tokens() * hidden;
    }
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      List<Progress<H>> due =
          all.stream().filter(p -> p.outcome == null && p.depth == segment.from()).toList();
      for (List<Progress<H>> batch : planner.plan(due, p -> p.work.tokens())) {
        runBatch(segment, exits.get(i), batch, writer);
      }
    }
    for (Progress<H> progress : all) {
      if (progress.outcome == null) {
        progress.outcome =
            new Outcome.Failed<>(
                new IllegalArgumentException(
                    "no segment begins at depth " + progress.work.depth()));
      }
    }
    return all.stream().map(p -> p.outcome).toList();
  }

  private <H> void runBatch(
      Segment segment, Exit exit, List<Progress<H>> planned, HiddenStateWriter<H> writer) {
    int width = planned.stream().mapToInt(p -> p.work.tokens()).max().orElseThrow();
    buffers.reserve(planned.size() * width, hidden, planned.size(), segment.classes());
    List<Progress<H>> batch = fill(segment, planned, width);
    if (batch.isEmpty()) {
      return;
    }
    long begin = System.nanoTime();
    try {
      boolean wantHiddenState = batch.stream().anyMatch(p -> p.work.maxExitDepth() > segment.to());
      segment.run(buffers, batch.size(), width, wantHiddenState);
    } catch (OrtException e) {
      InferenceException cause =
          new InferenceException(
              "layers %d to %d failed on a batch of %d: %s"
                  .formatted(segment.from(), segment.to(), batch.size(), e.getMessage()),
              e);
      batch.forEach(p -> p.outcome = new Outcome.Failed<>(cause));
      return;
    }
    long nanos = System.nanoTime() - begin;
    long tokens = batch.stream().mapToLong(p -> p.work.tokens()).sum();
    usage = usage.plusRun(tokens, (long) batch.size() * width - tokens, nanos / NANOS_PER_SECOND);
    double share = nanos / NANOS_PER_MILLI / batch.size();
    FloatBuffer logits = buffers.logits(batch.size() * segment.classes());
    for (int row = 0; row < batch.size(); row++) {
      float[] scores = new float[segment.classes()];
      logits.get(row * scores.length, scores);
      Progress<H> progress = batch.get(row);
      progress.advance(segment.to(), share, batch.size());
      settle(progress, exit, scores, row * width * hidden, writer);
    }
  }

  /**
   * Writes the batch into the buffers; works whose hidden state is damaged fail and are left out.
   */
  private <H> List<Progress<H>> fill(Segment segment, List<Progress<H>> planned, int width) {
    List<Progress<H>> batch = new ArrayList<>(planned.size());
    FloatBuffer input = buffers.input(planned.size() * width * hidden);
    IntBuffer ids = buffers.ids(planned.size() * width);
    IntBuffer types = buffers.types(planned.size() * width);
    IntBuffer mask = buffers.mask(planned.size() * width);
    int means = segment.pooling().means();
    FloatBuffer pooling = buffers.pooling(planned.size() * means * width);
    for (Progress<H> progress : planned) {
      int row = batch.size();
      Work work = progress.work;
      if (segment.from() > 0) {
        try {
          progress.readHiddenState(input, row * width * hidden, kept, hidden);
        } catch (RuntimeException e) {
          progress.outcome = new Outcome.Failed<>(e);
          continue;
        }
        // stale values of an earlier batch could be infinite, and 0 * infinity is no 0
        for (int i = work.tokens() * hidden; i < width * hidden; i++) {
          input.put(row * width * hidden + i, 0);
        }
      }
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        boolean real = i < work.tokens();
        ids.put(at, real ? work.text().ids()[i] : 0);
        types.put(at, real && i >= work.text().pairStart() ? 1 : 0);
        mask.put(at, real ? 1 : 0);
      }
      segment.pooling().write(work.text(), width, pooling, row * means * width);
      batch.add(progress);
    }
    return batch;
  }

  private <H> void settle(
      Progress<H> progress, Exit exit, float[] scores, int offset, HiddenStateWriter<H> writer) {
    Work work = progress.work;
    boolean last = progress.depth >= work.maxExitDepth();
    if (progress.depth >= work.minExitDepth()) {
      ExitReading reading = exit.read(scores, work.words());
      progress.readings.add(reading);
      if (last || exit.answers(reading)) {
        progress.outcome = new Outcome.Answered<>(progress.effort());
        return;
      }
    }
    FloatBuffer output = buffers.output(offset + work.tokens() * hidden);
    if (progress.depth == deepest()) {
      progress.outcome = unfinished(progress, output, offset, writer);
    } else {
      kept.put(progress.keptAt, output, offset, work.tokens() * hidden);
      progress.isKept = true;
    }
  }

  private <H> Outcome<H> unfinished(
      Progress<H> progress, FloatBuffer output, int offset, HiddenStateWriter<H> writer) {
    try {
      H hiddenState = writer.write(output, offset, progress.work.tokens(), hidden);
      return new Outcome.Unfinished<>(progress.effort(), hiddenState);
    } catch (RuntimeException e) {
      return new Outcome.Failed<>(
          new InferenceException(
              "the hidden state at depth %d cannot be passed on: %s"
                  .formatted(progress.depth, e.getMessage()),
              e));
    }
  }

  /** One work on its way through the segments. */
  private static final class Progress<H> {
    private final Work work;
    private final int keptAt;
    private final List<ExitReading> readings = new ArrayList<>();
    private int depth;
    private boolean isKept;
    private double computeMs;
    private int batchSize;
    private Outcome<H> outcome;

    Progress(Work work, int keptAt) {
      this.work = work;
      this.keptAt = keptAt;
      this.depth = work.depth();
    }

    void advance(int toDepth, double share, int size) {
      depth = toDepth;
      computeMs += share;
      batchSize = batchSize == 0 ? size : batchSize;
    }

    void readHiddenState(FloatBuffer target, int offset, FloatBuffer kept, int hidden) {
      if (isKept) {
        target.put(offset, kept, keptAt, work.tokens() * hidden);
      } else {
        work.hiddenState().read(target, offset);
      }
    }

    Outcome.Effort effort() {
      return new Outcome.Effort(List.copyOf(readings), depth, computeMs, batchSize);
    }
  }
}
