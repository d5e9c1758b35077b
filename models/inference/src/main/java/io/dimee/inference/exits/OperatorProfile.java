package io.dimee.inference.exits;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.onnx.InferenceException;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.NormalizationProbe;
import io.dimee.inference.onnx.Segment;
import io.dimee.inference.tokenizer.TokenizedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the time of a bundle's segments goes, by ONNX Runtime's own profiler. */
public final class OperatorProfile {
  private static final String KERNEL_TIME = "_kernel_time";
  private static final double MICROS_PER_MILLI = 1e3;

  private final Bundle bundle;
  private final ModelFiles files;

  /** Prepares to profile a bundle. */
  public OperatorProfile(Bundle bundle, ModelFiles files) {
    this.bundle = bundle;
    this.files = files;
  }

  /**
   * What one kind of operator takes in all layers.
   *
   * @param millis of one run over the texts
   */
  public record OperatorTime(String operator, double millis) {}

  /**
   * Runs texts through all layers, on one core.
   *
   * @param texts that are run together, without any early answer
   * @param runs of which the mean is taken, after one that is not counted
   * @param directory for the profiler's files, which are deleted
   * @return the slowest first
   */
  public List<OperatorTime> measure(List<TokenizedText> texts, int runs, Path directory) {
    int last = bundle.manifest().tiers().cloud();
    Architecture encoder = bundle.manifest().encoder();
    List<Work> works =
        texts.stream().map(text -> new Work(encoder, text, 0, null, last, last)).toList();
    OptLevel level = NormalizationProbe.fasterLevel(encoder.hidden());
    // the profiler begins with the session: a run alone, to be taken from the rest
    Map<String, Double> warmUp = profile(works, level, 1, directory);
    Map<String, Double> all = profile(works, level, runs + 1, directory);
    return all.entrySet().stream()
        .map(
            operator ->
                new OperatorTime(
                    operator.getKey(),
                    Math.max(0, operator.getValue() - warmUp.getOrDefault(operator.getKey(), 0.0))
                        / runs))
        .sorted((a, b) -> Double.compare(b.millis(), a.millis()))
        .toList();
  }

  /** Milliseconds by operator, over all runs. */
  private Map<String, Double> profile(List<Work> works, OptLevel level, int runs, Path directory) {
    int last = bundle.manifest().tiers().cloud();
    List<Segment> segments = new ArrayList<>();
    Map<String, Double> millis = new HashMap<>();
    try {
      for (ModelFiles.SegmentFile file : files.segments(last)) {
        try (SessionOptions options = Segment.options(1, level)) {
          options.enableProfiling(directory.resolve("segment-" + file.to()).toString());
          segments.add(Segment.load(file.file(), file.from(), file.to(), options));
        }
      }
      List<Exit> exits = segments.stream().map(s -> bundle.manifest().exit(s.to())).toList();
      // this method closes the segments: their profiles are complete only at their ends
      EarlyExitModel model = new EarlyExitModel(segments, exits);
      for (int run = 0; run < runs; run++) {
        model.run(works, (states, offset, tokens, hidden) -> null);
      }
      for (Segment segment : segments) {
        Path file = Path.of(segment.endProfiling());
        add(new ObjectMapper().readTree(file.toFile()), millis);
        Files.delete(file);
      }
    } catch (OrtException e) {
      throw new InferenceException("cannot profile the segments: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read a profile in " + directory, e);
    } finally {
      new SegmentSet(segments, List.of()).close();
    }
    return millis;
  }

  private static void add(JsonNode events, Map<String, Double> millis) {
    for (JsonNode event : events) {
      if (event.path("name").asText().endsWith(KERNEL_TIME)) {
        millis.merge(
            event.path("args").path("op_name").asText(),
            event.path("dur").asDouble() / MICROS_PER_MILLI,
            Double::sum);
      }
    }
  }
}
