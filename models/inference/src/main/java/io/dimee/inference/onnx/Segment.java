package io.dimee.inference.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The encoder layers between two exits and the exit at their end, loaded into ONNX Runtime. */
public final class Segment implements AutoCloseable {
  private final int from;
  private final int to;
  private final int classes;
  private final int hidden;
  private final Pooling pooling;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private Segment(int from, int to, OrtEnvironment environment, OrtSession session)
      throws OrtException {
    this.from = from;
    this.to = to;
    this.environment = environment;
    this.session = session;
    long[] logits = shape(session.getOutputInfo().get(SegmentAssembler.LOGITS));
    this.classes = (int) logits[logits.length - 1];
    this.hidden = (int) shape(session.getOutputInfo().get(SegmentAssembler.HIDDEN_STATE))[2];
    long means = shape(session.getInputInfo().get(SegmentAssembler.POOLING))[1];
    this.pooling = means == Pooling.ALL.means() ? Pooling.ALL : Pooling.BY_TEXT;
  }

  private static long[] shape(NodeInfo node) {
    return ((TensorInfo) node.getInfo()).getShape();
  }

  /**
   * Loads a segment.
   *
   * @param threads cores that one run may use
   */
  public static Segment load(Path file, int from, int to, int threads, OptLevel level)
      throws OrtException {
    try (SessionOptions options = options(threads, level)) {
      return load(file, from, to, options);
    }
  }

  /** Loads a segment with options that stay the caller's to close. */
  public static Segment load(Path file, int from, int to, SessionOptions options)
      throws OrtException {
    OrtEnvironment environment = OnnxRuntime.environment();
    return new Segment(from, to, environment, environment.createSession(file.toString(), options));
  }

  /** How segments are run; the caller closes the options. */
  public static SessionOptions options(int threads, OptLevel level) throws OrtException {
    SessionOptions options = OnnxRuntime.options();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(level);
    // Shapes differ from batch to batch: a memory plan per shape would only grow.
    options.setMemoryPatternOptimization(false);
    // Idle threads must not take the cores from other tiers on the same machine.
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    return options;
  }

  /** Ends the profile of a segment that was loaded with one; returns its file. */
  public String endProfiling() throws OrtException {
    return session.endProfiling();
  }

  /** Layers that are applied before it. */
  public int from() {
    return from;
  }

  /** Layers that are applied after it. */
  public int to() {
    return to;
  }

  /** Classes of the exit at its end. */
  public int classes() {
    return classes;
  }

  /** Hidden size of the encoder. */
  public int hidden() {
    return hidden;
  }

  /** How the exit at its end averages tokens. */
  public Pooling pooling() {
    return pooling;
  }

  /**
   * Runs the batch that the buffers hold and leaves logits, and the hidden state if asked for, in
   * them.
   *
   * @param batch rows
   * @param tokens columns, padding included
   */
  public void run(BatchBuffers buffers, int batch, int tokens, boolean wantHiddenState)
      throws OrtException {
    long[] matrix = {batch, tokens};
    long[] states = {batch, tokens, hidden};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    Map<String, OnnxTensor> outputs = new HashMap<>();
    try {
      inputs.put(
          SegmentAssembler.ATTENTION_MASK,
          OnnxTensor.createTensor(environment, buffers.mask(batch * tokens), matrix));
      inputs.put(
          SegmentAssembler.POOLING,
          OnnxTensor.createTensor(
              environment,
              buffers.pooling(batch * pooling.means() * tokens),
              new long[] {batch, pooling.means(), tokens}));
      if (from == 0) {
        inputs.put(
            SegmentAssembler.INPUT_IDS,
            OnnxTensor.createTensor(environment, buffers.ids(batch * tokens), matrix));
        inputs.put(
            SegmentAssembler.TOKEN_TYPE_IDS,
            OnnxTensor.createTensor(environment, buffers.types(batch * tokens), matrix));
      } else {
        inputs.put(
            SegmentAssembler.HIDDEN_STATE_IN,
            OnnxTensor.createTensor(environment, buffers.input(batch * tokens * hidden), states));
      }
      outputs.put(
          SegmentAssembler.LOGITS,
          OnnxTensor.createTensor(
              environment, buffers.logits(batch * classes), new long[] {batch, 1, classes}));
      if (wantHiddenState) {
        outputs.put(
            SegmentAssembler.HIDDEN_STATE,
            OnnxTensor.createTensor(environment, buffers.output(batch * tokens * hidden), states));
      }
      session.run(inputs, Set.of(), outputs).close();
    } finally {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
