package io.dimee.inference.bundle;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedInputStream;
import io.dimee.inference.files.Hashing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A pre-trained encoder that bundles build on, read from its ONNX file. Weights go by their
 * HuggingFace names; those of dense layers are stored [in, out], as ONNX multiplies them.
 *
 * <p>Those that this build carries share one vocabulary, so a task in flight means the same to
 * every model that builds on one of them.
 */
public final class Backbone {
  /** Names of the backbones that this build carries. */
  public static final List<String> NAMES = List.of("bge-small-en-v1.5", "e5-small-v2");

  /** Shape of all of them: that of MiniLM-L12-H384. */
  private static final Architecture SMALL = new Architecture(12, 384, 12, 1536, 30522, 512);

  private static final String WORDS = "embeddings.word_embeddings.weight";
  private static final String POSITIONS = "embeddings.position_embeddings.weight";
  private static final String WIDE = "encoder.layer.%d.intermediate.dense.weight";

  private final String name;
  private final String sha256;
  private final Map<String, TensorProto> weights;
  private final Architecture architecture;

  private Backbone(String name, String sha256, Map<String, TensorProto> weights, int heads) {
    this.name = name;
    this.sha256 = sha256;
    this.weights = weights;
    int layers = 0;
    while (has(WIDE.formatted(layers))) {
      layers++;
    }
    int[] words = weight(WORDS).shape();
    this.architecture =
        new Architecture(
            layers,
            words[1],
            heads,
            weight(WIDE.formatted(0)).shape()[1],
            words[0],
            weight(POSITIONS).shape()[0]);
  }

  /** Shape of a backbone that this build knows by name, without reading it. */
  public static Optional<Architecture> known(String name) {
    return NAMES.contains(name) ? Optional.of(SMALL) : Optional.empty();
  }

  /** Whether a backbone's files are on the class path. */
  static boolean isCarried(String name) {
    return NAMES.contains(name)
        || (name.matches("[A-Za-z0-9._-]{1,64}")
            && Backbone.class.getResource("/" + name + ".onnx") != null);
  }

  /**
   * Reads and hashes the model; takes about a second and 270 MB of heap while it lasts.
   *
   * @param name one of {@link #NAMES}, or another whose files are on the class path; the latter has
   *     a HuggingFace configuration beside them
   */
  public static Backbone load(String name) {
    byte[] bytes = modelBytes(name);
    try {
      // aliasing: the weights stay views of the bytes that were read
      CodedInputStream in = CodedInputStream.newInstance(bytes);
      in.setSizeLimit(Integer.MAX_VALUE);
      in.enableAliasing(true);
      GraphProto graph = ModelProto.parseFrom(in).getGraph();
      return new Backbone(name, Hashing.sha256(bytes), weightsByName(graph), heads(name));
    } catch (IOException e) {
      throw new UncheckedIOException("the backbone " + name + " is not an ONNX model", e);
    }
  }

  /** The one extent that no weight's shape tells. */
  private static int heads(String name) throws IOException {
    Optional<Architecture> known = known(name);
    return known.isPresent()
        ? known.get().heads()
        : new ObjectMapper()
            .readTree(resource("/" + name + "-config.json"))
            .path("num_attention_heads")
            .asInt();
  }

  /** The unmodified model file. */
  public static byte[] modelBytes(String name) {
    return resource("/" + name + ".onnx");
  }

  /** The HuggingFace tokenizer definition that belongs to the model. */
  public static byte[] tokenizerJson(String name) {
    return resource("/" + name + "-tokenizer.json");
  }

  private static byte[] resource(String file) {
    try (InputStream in = Backbone.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks the backbone's file " + file);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the backbone's file " + file, e);
    }
  }

  private static Map<String, TensorProto> weightsByName(GraphProto graph) {
    Map<String, TensorProto> byName = new HashMap<>();
    for (TensorProto tensor : graph.getInitializerList()) {
      byName.put(tensor.getName(), tensor);
    }
    // The exporter folded the transposed dense weights into anonymous constants
    // ("onnx::MatMul_1525"); the node that uses one has the layer's name.
    for (NodeProto node : graph.getNodeList()) {
      if (multipliesByWeight(node, byName.keySet())) {
        byName.put(weightName(node), byName.get(node.getInput(1)));
      }
    }
    return byName;
  }

  /** Whether a node is a matrix product with a weight of the model. */
  public static boolean multipliesByWeight(NodeProto node, Set<String> initializers) {
    return node.getOpType().equals("MatMul") && initializers.contains(node.getInput(1));
  }

  /** Name of the weight that a MatMul node multiplies by. */
  public static String weightName(NodeProto node) {
    String layer = node.getName().substring(1, node.getName().length() - "/MatMul".length());
    return layer.replace('/', '.') + ".weight";
  }

  /** Its shape; all but the number of heads is read off the weights. */
  public Architecture architecture() {
    return architecture;
  }

  /** Name of its files. */
  public String name() {
    return name;
  }

  /** Hash of the model file. */
  public String sha256() {
    return sha256;
  }

  /** Whether there is a weight of this name. */
  public boolean has(String name) {
    return weights.containsKey(name);
  }

  /** Returns a weight by its HuggingFace name, without copying it. */
  public Tensor weight(String name) {
    TensorProto tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("the backbone has no weight " + name);
    }
    int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
    return new Tensor(
        shape,
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
  }
}
