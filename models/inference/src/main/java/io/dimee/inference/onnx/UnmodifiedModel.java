package io.dimee.inference.onnx;

import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.files.TemporaryFiles;
import io.dimee.inference.tokenizer.TokenizedText;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A bundle's fine-tuned encoder and last exit in the graph that the backbone's exporter wrote, all
 * layers in one session in fp32, with ONNX Runtime's own defaults: what people run who do not use
 * this project, and so what it is measured against. For one thread at a time.
 */
public final class UnmodifiedModel implements AutoCloseable {
  private static final String STATES = "last_hidden_state";
  private static final String PREFIX = "unmodified.";
  private static final String LOGITS = PREFIX + "logits";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Exit exit;
  private final Pooling pooling;

  private UnmodifiedModel(
      OrtEnvironment environment, OrtSession session, Exit exit, Pooling pooling) {
    this.environment = environment;
    this.session = session;
    this.exit = exit;
    this.pooling = pooling;
  }

  /** Loads a bundle's model into ONNX Runtime, through a temporary file. */
  public static UnmodifiedModel load(Bundle bundle) {
    int last = bundle.manifest().tiers().cloud();
    String name = bundle.manifest().backbone().name();
    Adapter weights = new Adapter(Backbone.load(name), bundle.adapter());
    try {
      Path file = Files.createTempFile(TemporaryFiles.folder(), "dimee-unmodified", ".onnx");
      try {
        Files.write(file, assemble(bundle, weights, last - 1).toByteArray());
        OrtEnvironment environment = OnnxRuntime.environment();
        try (OrtSession.SessionOptions options = OnnxRuntime.options()) {
          return new UnmodifiedModel(
              environment,
              environment.createSession(file.toString(), options),
              bundle.manifest().exit(last),
              SegmentAssembler.pooling(weights));
        }
      } finally {
        Files.delete(file);
      }
    } catch (IOException | OrtException e) {
      throw new InferenceException("cannot load the unmodified model: " + e.getMessage(), e);
    }
  }

  private static ModelProto assemble(Bundle bundle, Adapter weights, int layer)
      throws InvalidProtocolBufferException {
    ModelProto.Builder model =
        ModelProto.parseFrom(Backbone.modelBytes(bundle.manifest().backbone().name())).toBuilder();
    GraphProto.Builder graph = model.getGraphBuilder();
    Map<String, String> names = weightNames(graph);
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      TensorProto.Builder initializer = graph.getInitializerBuilder(i);
      String weight = names.getOrDefault(initializer.getName(), initializer.getName());
      if (weight.startsWith("encoder.layer.")) {
        initializer.setRawData(OnnxGraphBuilder.bytes(weights.weight(weight)));
      }
    }
    OnnxGraphBuilder exit = new OnnxGraphBuilder("exit");
    SegmentAssembler.exit(exit, weights, layer, STATES, PREFIX, LOGITS);
    exit.input(
        SegmentAssembler.POOLING,
        TensorProto.DataType.FLOAT_VALUE,
        "batch",
        SegmentAssembler.pooling(weights).means(),
        "tokens");
    exit.output(
        LOGITS, TensorProto.DataType.FLOAT_VALUE, "batch", 1, bundle.manifest().labels().size());
    GraphProto head = exit.build().getGraph();
    graph
        .addAllNode(head.getNodeList())
        .addAllInitializer(head.getInitializerList())
        .addAllInput(head.getInputList())
        .addAllOutput(head.getOutputList());
    return model.build();
  }

  /** Names of weights by those of their anonymous initializers. */
  private static Map<String, String> weightNames(GraphProto.Builder graph) {
    Set<String> initializers = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> initializers.add(tensor.getName()));
    Map<String, String> names = new HashMap<>();
    for (NodeProto node : graph.getNodeList()) {
      if (Backbone.multipliesByWeight(node, initializers)) {
        names.put(node.getInput(1), Backbone.weightName(node));
      }
    }
    return names;
  }

  /**
   * Answers a batch, padded to its longest text.
   *
   * @return one reading of the last exit a text
   */
  public List<ExitReading> answer(List<TokenizedText> texts) {
    int width = texts.stream().mapToInt(text -> text.ids().length).max().orElseThrow();
    long[] ids = new long[texts.size() * width];
    long[] mask = new long[ids.length];
    long[] types = new long[ids.length];
    FloatBuffer matrices = FloatBuffer.allocate(ids.length * pooling.means());
    for (int row = 0; row < texts.size(); row++) {
      TokenizedText text = texts.get(row);
      for (int i = 0; i < text.ids().length; i++) {
        int at = row * width + i;
        ids[at] = text.ids()[i];
        mask[at] = 1;
        types[at] = i >= text.pairStart() ? 1 : 0;
      }
      pooling.write(text, width, matrices, row * pooling.means() * width);
    }
    long[] shape = {texts.size(), width};
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
        OnnxTensor poolingTensor =
            OnnxTensor.createTensor(
                environment, matrices, new long[] {texts.size(), pooling.means(), width});
        OrtSession.Result result =
            session.run(
                Map.of(
                    SegmentAssembler.INPUT_IDS, idTensor,
                    SegmentAssembler.ATTENTION_MASK, maskTensor,
                    SegmentAssembler.TOKEN_TYPE_IDS, typeTensor,
                    SegmentAssembler.POOLING, poolingTensor),
                Set.of(LOGITS))) {
      float[][][] logits = (float[][][]) result.get(0).getValue();
      List<ExitReading> readings = new ArrayList<>(texts.size());
      for (float[][] row : logits) {
        readings.add(exit.read(row[0]));
      }
      return readings;
    } catch (OrtException e) {
      throw new InferenceException("the unmodified model failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new InferenceException("cannot close a session: " + e.getMessage(), e);
    }
  }
}
