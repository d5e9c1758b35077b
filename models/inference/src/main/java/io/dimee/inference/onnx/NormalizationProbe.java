package io.dimee.inference.onnx;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.dimee.inference.bundle.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Finds the faster of ONNX Runtime's two ways to normalize a sum: Add and LayerNormalization, or
 * SkipLayerNormalization. One of them is compiled without SIMD in what Maven Central has, and which
 * one depends on the processor, so it is measured: about 20 ms.
 */
public final class NormalizationProbe {
  /** A batch of 256 tokens, as in the middle of what workers run. */
  private static final int TOKENS = 256;

  private static final int RUNS = 10;

  private static final String INPUT = "input";
  private static final String SKIP = "skip";

  private NormalizationProbe() {}

  /**
   * The level of optimization at which segments normalize faster here. The assembler writes Add and
   * LayerNormalization, which the extended level fuses and the basic one keeps; in all else the
   * segments are fused as they are written.
   *
   * @param hidden the encoder's hidden size
   */
  public static OptLevel fasterLevel(int hidden) {
    OrtEnvironment environment = OnnxRuntime.environment();
    byte[] model = model(hidden);
    try (OrtSession separate = session(environment, model, OptLevel.BASIC_OPT);
        OrtSession fused = session(environment, model, OptLevel.EXTENDED_OPT)) {
      long[] shape = {1, TOKENS, hidden};
      float[] ramp = new float[TOKENS * hidden];
      for (int i = 0; i < ramp.length; i++) {
        ramp[i] = i % 7;
      }
      try (OnnxTensor values =
          OnnxTensor.createTensor(environment, FloatBuffer.wrap(ramp), shape)) {
        Map<String, OnnxTensor> inputs = Map.of(INPUT, values, SKIP, values);
        long separateNanos = Long.MAX_VALUE;
        long fusedNanos = Long.MAX_VALUE;
        // in turns, and the least of all: another process may take the core at any time
        for (int run = 0; run < RUNS; run++) {
          separateNanos = Math.min(separateNanos, nanos(separate, inputs));
          fusedNanos = Math.min(fusedNanos, nanos(fused, inputs));
        }
        return fusedNanos < separateNanos ? OptLevel.EXTENDED_OPT : OptLevel.BASIC_OPT;
      }
    } catch (OrtException e) {
      throw new InferenceException("cannot measure normalization: " + e.getMessage(), e);
    }
  }

  private static long nanos(OrtSession session, Map<String, OnnxTensor> inputs)
      throws OrtException {
    long begin = System.nanoTime();
    session.run(inputs).close();
    return System.nanoTime() - begin;
  }

  private static OrtSession session(OrtEnvironment environment, byte[] model, OptLevel level)
      throws OrtException {
    try (SessionOptions options = OnnxRuntime.options()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(level);
      return environment.createSession(model, options);
    }
  }

  private static byte[] model(int hidden) {
    float[] ones = new float[hidden];
    Arrays.fill(ones, 1);
    OnnxGraphBuilder graph = new OnnxGraphBuilder("normalization");
    String input = graph.input(INPUT, DataType.FLOAT_VALUE, 1, TOKENS, hidden);
    String skip = graph.input(SKIP, DataType.FLOAT_VALUE, 1, TOKENS, hidden);
    SegmentAssembler.norm(
        graph,
        graph.node("Add", "sum", List.of(input, skip)),
        graph.weight("weight", Tensor.of(ones, hidden)),
        graph.weight("bias", Tensor.of(new float[hidden], hidden)),
        "output");
    graph.output("output", DataType.FLOAT_VALUE, 1, TOKENS, hidden);
    return graph.build().toByteArray();
  }
}
