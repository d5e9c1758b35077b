package io.dimee.calibration.fit;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.EncodedExample;
import io.dimee.calibration.data.Example;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.files.Hashing;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.tokenizer.TextTokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Asks every exit of a bundle about every row, in ONNX Runtime as in production, and remembers what
 * they said in the cache: calibration for other prices, and every policy of an evaluation, then
 * need no model.
 */
public final class ExitSurvey {
  /** Changes with the form of the cached files. */
  private static final String VERSION = "1";

  /** Rows between two signs of progress. */
  private static final int ROWS_PER_CHUNK = 256;

  private final Bundle bundle;
  private final FileCache cache;
  private final int threads;

  /**
   * Prepares a survey.
   *
   * @param threads cores that a batch may use
   */
  public ExitSurvey(Bundle bundle, FileCache cache, int threads) {
    int layers = bundle.manifest().encoder().layers();
    // a threshold of 1 lets every exit speak and none answer
    this.bundle =
        bundle.withExits(
            IntStream.rangeClosed(1, layers).mapToObj(depth -> new Exit(depth, 1, 1)).toList());
    this.cache = cache;
    this.threads = threads;
  }

  /** Runs the model on rows that the cache lacks. */
  public ExitOutputs of(List<Example> rows, TrainingProgress progress) {
    List<EncodedExample> encoded;
    try (TextTokenizer tokenizer = TextTokenizer.of(bundle)) {
      encoded = EncodedExample.encode(tokenizer, rows);
    }
    Path file =
        cache.get(
            "exits-" + key(encoded) + ".safetensors",
            target ->
                SafeTensors.write(
                    target, tensors(run(encoded, progress)), SafeTensors.Precision.F32));
    try {
      return outputs(SafeTensors.read(file), encoded);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  /** What decides the outputs: segments and token ids. Labels and calibration do not. */
  private String key(List<EncodedExample> rows) {
    int size = rows.stream().mapToInt(row -> row.tokens() + 2).sum();
    ByteBuffer content = ByteBuffer.allocate(size * Integer.BYTES);
    for (EncodedExample row : rows) {
      content.putInt(row.tokens()).putInt(row.text().pairStart());
      for (int id : row.text().ids()) {
        content.putInt(id);
      }
    }
    String made =
        String.join(
            "\n",
            VERSION,
            new ModelFiles(bundle, cache).segmentsId(),
            Hashing.sha256(content.array()));
    return Hashing.sha256(made.getBytes(StandardCharsets.UTF_8));
  }

  private ExitOutputs run(List<EncodedExample> rows, TrainingProgress progress) {
    Architecture encoder = bundle.manifest().encoder();
    int layers = encoder.layers();
    int classes = bundle.manifest().labels().size();
    float[][][] logits = new float[layers][rows.size()][classes];
    float[][] embeddings = new float[rows.size()][];
    ModelFiles files = new ModelFiles(bundle, cache);
    MeanEmbedding embedding = files.meanEmbedding();
    progress.start(rows.size(), 0);
    try (SegmentSet segments = SegmentSet.load(bundle, files, layers, threads)) {
      EarlyExitModel model = segments.model();
      for (int start = 0; start < rows.size(); start += ROWS_PER_CHUNK) {
        int end = Math.min(start + ROWS_PER_CHUNK, rows.size());
        List<Work> works = new ArrayList<>();
        for (EncodedExample row : rows.subList(start, end)) {
          works.add(new Work(encoder, row.text(), 0, null, 1, layers));
        }
        List<Outcome<Object>> outcomes = model.run(works, (s, o, t, h) -> null);
        for (int row = start; row < end; row++) {
          for (ExitReading reading : readings(outcomes.get(row - start))) {
            logits[reading.depth() - 1][row] = logarithms(reading.probabilities());
          }
          embeddings[row] = embedding.of(rows.get(row).text());
        }
        progress.step(end, Double.NaN);
      }
    }
    progress.end();
    return new ExitOutputs(
        logits,
        embeddings,
        rows.stream().mapToInt(EncodedExample::label).toArray(),
        rows.stream().mapToInt(EncodedExample::tokens).toArray());
  }

  private static List<ExitReading> readings(Outcome<Object> outcome) {
    if (outcome instanceof Outcome.Failed<Object> failed) {
      throw failed.cause();
    }
    return ((Outcome.Answered<Object>) outcome).effort().readings();
  }

  /** Logits up to a constant, which no softmax sees. */
  private static float[] logarithms(float[] probabilities) {
    float[] logits = new float[probabilities.length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) Math.log(Math.max(probabilities[i], Float.MIN_NORMAL));
    }
    return logits;
  }

  private static Map<String, Tensor> tensors(ExitOutputs outputs) {
    int rows = outputs.rows();
    int layers = outputs.layers();
    int classes = outputs.logits()[0][0].length;
    int hidden = outputs.embeddings()[0].length;
    float[] logits = new float[layers * rows * classes];
    float[] embeddings = new float[rows * hidden];
    for (int row = 0; row < rows; row++) {
      for (int layer = 0; layer < layers; layer++) {
        System.arraycopy(
            outputs.logits()[layer][row], 0, logits, (layer * rows + row) * classes, classes);
      }
      System.arraycopy(outputs.embeddings()[row], 0, embeddings, row * hidden, hidden);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("logits", Tensor.of(logits, layers, rows, classes));
    tensors.put("embeddings", Tensor.of(embeddings, rows, hidden));
    return tensors;
  }

  private static ExitOutputs outputs(Map<String, Tensor> tensors, List<EncodedExample> encoded) {
    int[] shape = tensors.get("logits").shape();
    float[] flat = tensors.get("logits").toArray();
    float[] features = tensors.get("embeddings").toArray();
    int hidden = tensors.get("embeddings").shape()[1];
    float[][][] logits = new float[shape[0]][shape[1]][shape[2]];
    float[][] embeddings = new float[shape[1]][hidden];
    for (int row = 0; row < shape[1]; row++) {
      for (int layer = 0; layer < shape[0]; layer++) {
        System.arraycopy(
            flat, (layer * shape[1] + row) * shape[2], logits[layer][row], 0, shape[2]);
      }
      System.arraycopy(features, row * hidden, embeddings[row], 0, hidden);
    }
    return new ExitOutputs(
        logits,
        embeddings,
        encoded.stream().mapToInt(EncodedExample::label).toArray(),
        encoded.stream().mapToInt(EncodedExample::tokens).toArray());
  }
}
