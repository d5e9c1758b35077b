package io.dimee.inference.exits;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.InferenceException;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.NormalizationProbe;
import io.dimee.inference.onnx.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a model, loaded once and shared by the threads that run them; owns their native
 * memory. Close it when no thread runs one any more: ONNX Runtime does not wait.
 */
public final class SegmentSet implements AutoCloseable {
  private final List<Segment> segments;
  private final List<Exit> exits;

  /**
   * Takes loaded segments, which are its own to close from now on.
   *
   * @param exits the one at the end of each segment
   */
  SegmentSet(List<Segment> segments, List<Exit> exits) {
    this.segments = List.copyOf(segments);
    this.exits = List.copyOf(exits);
  }

  /**
   * Loads a bundle's segments.
   *
   * @param deepest depth of the last exit that is needed
   * @param threads cores that one batch may use; 1 where several threads share the segments
   * @throws InvalidBundleException when the bundle cannot be used
   * @throws FileCache.CacheException when the segments cannot be cached
   */
  public static SegmentSet load(Bundle bundle, ModelFiles files, int deepest, int threads) {
    // before the native library is: a cache without room is told of as such
    List<ModelFiles.SegmentFile> assembled = files.segments(deepest);
    OptLevel level = NormalizationProbe.fasterLevel(bundle.manifest().encoder().hidden());
    List<Segment> segments = new ArrayList<>();
    try {
      for (ModelFiles.SegmentFile file : assembled) {
        segments.add(load(files, file, deepest, threads, level));
      }
      return new SegmentSet(
          segments, segments.stream().map(s -> bundle.manifest().exit(s.to())).toList());
    } catch (RuntimeException e) {
      closeAll(segments);
      throw e;
    }
  }

  private static Segment load(
      ModelFiles files, ModelFiles.SegmentFile file, int deepest, int threads, OptLevel level) {
    try {
      return Segment.load(file.file(), file.from(), file.to(), threads, level);
    } catch (OrtException damaged) {
      // A disk may have lost bytes since the file was written: assemble it once more.
      try {
        files.discard(file);
        files.segments(deepest);
        return Segment.load(file.file(), file.from(), file.to(), threads, level);
      } catch (OrtException | IOException e) {
        e.addSuppressed(damaged);
        throw new InferenceException("cannot load " + file.file() + ": " + e.getMessage(), e);
      }
    }
  }

  /** A model as deep as the segments, for one thread. */
  public EarlyExitModel model() {
    return new EarlyExitModel(segments, exits);
  }

  /**
   * A model for one thread.
   *
   * @param depth of the last exit that is needed there
   */
  public EarlyExitModel model(int depth) {
    int count = 0;
    while (count < segments.size() && segments.get(count).to() <= depth) {
      count++;
    }
    if (count == 0 || segments.get(count - 1).to() != depth) {
      throw new IllegalArgumentException("no segment ends at depth " + depth);
    }
    return new EarlyExitModel(segments.subList(0, count), exits.subList(0, count));
  }

  @Override
  public void close() {
    closeAll(segments);
  }

  private static void closeAll(List<Segment> segments) {
    for (Segment segment : segments) {
      try {
        segment.close();
      } catch (OrtException e) {
        throw new InferenceException("cannot close a segment: " + e.getMessage(), e);
      }
    }
  }
}
