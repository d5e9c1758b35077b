package io.dimee.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.tokenizer.TokenizedText;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Measures activation ranges with the encoder in fp32. */
final class RangeProbe {
  private final Adapter weights;

  /** Prepares to measure a model. */
  RangeProbe(Adapter weights) {
    this.weights = weights;
  }

  /** Runs texts one by one, so that no padding counts. */
  ActivationRanges measure(List<TokenizedText> texts) {
    ModelProto model = new SegmentAssembler(weights, new Fp32Products()).assembleProbe();
    Map<String, float[]> most = new HashMap<>();
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = OnnxRuntime.options();
        OrtSession session = environment.createSession(model.toByteArray(), options)) {
      for (TokenizedText text : texts) {
        measure(environment, session, text, most);
      }
    } catch (OrtException e) {
      throw new InferenceException("cannot measure activations: " + e.getMessage(), e);
    }
    return new ActivationRanges(
        all(SegmentAssembler.MIDDLE, most), all(SegmentAssembler.WIDE, most));
  }

  private List<Tensor> all(String what, Map<String, float[]> most) {
    return IntStream.range(0, weights.architecture().layers())
        .mapToObj(layer -> most.get(new LayerWeights(weights, layer).prefix() + what))
        .map(values -> Tensor.of(values, values.length))
        .toList();
  }

  private static void measure(
      OrtEnvironment environment, OrtSession session, TokenizedText text, Map<String, float[]> most)
      throws OrtException {
    int tokens = text.ids().length;
    long[] shape = {1, tokens};
    int[] types = new int[tokens];
    Arrays.fill(types, text.pairStart(), tokens, 1);
    int[] mask = new int[tokens];
    Arrays.fill(mask, 1);
    List<OnnxTensor> inputs = new ArrayList<>();
    try {
      for (int[] input : List.of(text.ids(), types, mask)) {
        inputs.add(OnnxTensor.createTensor(environment, IntBuffer.wrap(input), shape));
      }
      try (OrtSession.Result result =
          session.run(
              Map.of(
                  SegmentAssembler.INPUT_IDS, inputs.get(0),
                  SegmentAssembler.TOKEN_TYPE_IDS, inputs.get(1),
                  SegmentAssembler.ATTENTION_MASK, inputs.get(2)),
              Set.copyOf(session.getOutputNames()))) {
        for (Map.Entry<String, OnnxValue> output : result) {
          FloatBuffer values = ((OnnxTensor) output.getValue()).getFloatBuffer();
          int channels = values.remaining() / tokens;
          float[] largest = most.computeIfAbsent(output.getKey(), name -> new float[channels]);
          for (int i = 0; i < values.remaining(); i++) {
            largest[i % channels] = Math.max(largest[i % channels], Math.abs(values.get(i)));
          }
        }
      }
    } finally {
      inputs.forEach(OnnxTensor::close);
    }
  }
}
