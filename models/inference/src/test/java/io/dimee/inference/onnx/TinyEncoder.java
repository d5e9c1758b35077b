package io.dimee.inference.onnx;

import static io.dimee.inference.onnx.OnnxGraphBuilder.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Makes the encoder that most tests run: as an exporter would lay a BERT encoder out, with random
 * weights. What it writes is committed in the module {@code testing}.
 */
public final class TinyEncoder {
  public static final String NAME = "tiny-encoder";

  /** Enough layers for three tiers and an exit inside one of them. */
  public static final Architecture SHAPE = new Architecture(4, 16, 2, 32, 337, 512);

  private static final double DEVIATION = 0.3;
  private static final float MASKED = -10_000;

  /** Where BERT has them. */
  private static final int UNKNOWN = 100;

  private static final int CLS = 101;
  private static final int SEP = 102;
  private static final int MASK = 103;

  private static final String WORDS =
      "the a an and of to in is it its that this for with as but not at all on be by are was one"
          + " his her he she they you i we my film movie story plot time good bad great fine dull"
          + " warm funny moving sad long short well never always more most less than too so very no"
          + " yes what who how when why like love hate make makes made take takes see seen watch"
          + " again wait worth half hour last first two three and some any each other even still"
          + " only just about into out over from or if because though while yet neither nor quite"
          + " decides wants enjoy being play promises deal delivers little acting wooden cannot"
          + " such fun jokes sense word text event next before after";

  private final Random random = new Random(17);
  private final OnnxGraphBuilder graph = new OnnxGraphBuilder("tiny");

  private TinyEncoder() {}

  /** Writes model, tokenizer and configuration, as class-path resources are named. */
  public static void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.write(directory.resolve(NAME + ".onnx"), new TinyEncoder().model().toByteArray());
    Files.writeString(directory.resolve(NAME + "-tokenizer.json"), tokenizer().toPrettyString());
    ObjectNode config = new ObjectMapper().createObjectNode();
    config.put("num_attention_heads", SHAPE.heads());
    Files.writeString(directory.resolve(NAME + "-config.json"), config.toPrettyString());
  }

  private static List<String> vocabulary() {
    List<String> pieces = new ArrayList<>();
    pieces.add("[PAD]");
    IntStream.range(1, UNKNOWN).forEach(i -> pieces.add("[unused%d]".formatted(i)));
    pieces.addAll(List.of("[UNK]", "[CLS]", "[SEP]", "[MASK]"));
    List<String> alone = new ArrayList<>();
    IntStream.rangeClosed('!', '~')
        .filter(c -> !Character.isUpperCase(c))
        .forEach(c -> alone.add(Character.toString(c)));
    pieces.addAll(alone);
    alone.stream()
        .filter(piece -> Character.isLetterOrDigit(piece.charAt(0)))
        .forEach(piece -> pieces.add("##" + piece));
    List.of(WORDS.split(" ")).stream()
        .distinct()
        .filter(word -> !pieces.contains(word))
        .forEach(pieces::add);
    return pieces;
  }

  private static ObjectNode tokenizer() {
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    List<String> pieces = vocabulary();
    for (int id : List.of(0, UNKNOWN, CLS, SEP, MASK)) {
      root.withArray("added_tokens")
          .addObject()
          .put("id", id)
          .put("content", pieces.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .put("lowercase", true)
        .putNull("strip_accents");
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    part(single, "SpecialToken", "[CLS]", 0);
    part(single, "Sequence", "A", 0);
    part(single, "SpecialToken", "[SEP]", 0);
    ArrayNode pair = processor.putArray("pair").addAll(single);
    part(pair, "Sequence", "B", 1);
    part(pair, "SpecialToken", "[SEP]", 1);
    ObjectNode special = processor.putObject("special_tokens");
    for (int id : List.of(CLS, SEP)) {
      ObjectNode token = special.putObject(pieces.get(id)).put("id", pieces.get(id));
      token.putArray("ids").add(id);
      token.putArray("tokens").add(pieces.get(id));
    }
    root.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model =
        root.putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 100);
    ObjectNode vocabulary = model.putObject("vocab");
    IntStream.range(0, pieces.size()).forEach(id -> vocabulary.put(pieces.get(id), id));
    return root;
  }

  private static void part(ArrayNode template, String kind, String id, int type) {
    template.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private ModelProto model() {
    for (String input : List.of("input_ids", "attention_mask", "token_type_ids")) {
      graph.input(input, DataType.INT64_VALUE, "batch", "tokens");
    }
    String hidden = embeddings();
    String mask = mask();
    for (int layer = 0; layer < SHAPE.layers(); layer++) {
      hidden = layer("/encoder/layer." + layer, hidden, mask, layer == SHAPE.layers() - 1);
    }
    graph.output(hidden, DataType.FLOAT_VALUE, "batch", "tokens", SHAPE.hidden());
    return graph.build();
  }

  private String embeddings() {
    String shape = graph.node("Shape", "/embeddings/shape", List.of("input_ids"));
    String tokens =
        graph.node(
            "Slice",
            "/embeddings/tokens",
            List.of(shape, constant("/one", 1), constant("/two", 2), constant("/zero", 0)));
    String places =
        graph.node(
            "Slice",
            "/embeddings/places",
            List.of(table("position", SHAPE.positions(), DEVIATION), "/zero", tokens, "/zero"));
    String words =
        graph.node(
            "Gather",
            "/embeddings/words",
            List.of(table("word", SHAPE.vocabulary(), 1), "input_ids"));
    String types =
        graph.node(
            "Gather",
            "/embeddings/types",
            List.of(table("token_type", 2, DEVIATION), "token_type_ids"));
    String sum = graph.node("Add", "/embeddings/Add", List.of(words, types));
    return norm(
        "/embeddings/LayerNorm",
        graph.node("Add", "/embeddings/Add_1", List.of(sum, places)),
        "/embeddings/LayerNorm/Add_1_output_0");
  }

  private String table(String name, int rows, double deviation) {
    return graph.weight(
        "embeddings." + name + "_embeddings.weight", gaussian(deviation, rows, SHAPE.hidden()));
  }

  /** 0 for tokens and much less for padding; [batch, 1, 1, tokens]. */
  private String mask() {
    String wide =
        graph.node("Unsqueeze", "/mask/wide", List.of("attention_mask", constant("/axes", 1, 2)));
    String real =
        graph.node(
            "Cast", List.of("/mask/real"), List.of(wide), attribute("to", DataType.FLOAT_VALUE));
    String padding = graph.node("Sub", "/mask/padding", List.of(scalar("/unit", 1), real));
    return graph.node("Mul", "/mask", List.of(padding, scalar("/masked", MASKED)));
  }

  private String layer(String prefix, String input, String mask, boolean last) {
    String self = prefix + "/attention/self";
    String query = heads(self + "/query", input, 0, 2, 1, 3);
    String key = heads(self + "/key", input, 0, 2, 3, 1);
    String value = heads(self + "/value", input, 0, 2, 1, 3);
    String products = graph.node("MatMul", self + "/products", List.of(query, key));
    double perHead = (double) SHAPE.hidden() / SHAPE.heads();
    String scaled =
        graph.node(
            "Div",
            self + "/scaled",
            List.of(products, scalar(self + "/scale", (float) Math.sqrt(perHead))));
    String scores =
        graph.node(
            "Softmax",
            List.of(self + "/scores"),
            List.of(graph.node("Add", self + "/masked", List.of(scaled, mask))),
            attribute("axis", -1));
    String context = graph.node("MatMul", self + "/context", List.of(scores, value));
    String joined =
        graph.node(
            "Reshape",
            self + "/joined",
            List.of(
                transposed(self + "/transposed", context, 0, 2, 1, 3),
                constant(self + "/shape", 0, 0, SHAPE.hidden())));
    String attended =
        dense(prefix + "/attention/output/dense", joined, SHAPE.hidden(), SHAPE.hidden());
    String middle =
        norm(
            prefix + "/attention/output/LayerNorm",
            graph.node("Add", prefix + "/attention/output/Add", List.of(attended, input)),
            prefix + "/attention/output/LayerNorm/Add_1_output_0");
    String wide =
        gelu(
            prefix + "/intermediate",
            dense(prefix + "/intermediate/dense", middle, SHAPE.hidden(), SHAPE.intermediate()));
    String narrow = dense(prefix + "/output/dense", wide, SHAPE.intermediate(), SHAPE.hidden());
    return norm(
        prefix + "/output/LayerNorm",
        graph.node("Add", prefix + "/output/Add", List.of(narrow, middle)),
        last ? "last_hidden_state" : prefix + "/output/LayerNorm/Add_1_output_0");
  }

  private String heads(String name, String input, long... order) {
    String shape = constant(name + "/shape", 0, 0, SHAPE.heads(), SHAPE.hidden() / SHAPE.heads());
    String flat = dense(name, input, SHAPE.hidden(), SHAPE.hidden());
    return transposed(
        name + "/transposed",
        graph.node("Reshape", name + "/reshaped", List.of(flat, shape)),
        order);
  }

  private String transposed(String name, String input, long... order) {
    return graph.node("Transpose", List.of(name), List.of(input), integers("perm", order));
  }

  private String gelu(String name, String input) {
    String root = scalar(name + "/root", (float) Math.sqrt(2));
    String erf =
        graph.node(
            "Erf", name + "/erf", List.of(graph.node("Div", name + "/div", List.of(input, root))));
    String sum = graph.node("Add", name + "/sum", List.of(erf, scalar(name + "/unit", 1)));
    String product = graph.node("Mul", name + "/product", List.of(input, sum));
    return graph.node("Mul", name + "/gelu", List.of(product, scalar(name + "/half", 0.5f)));
  }

  /** A dense layer; its weight has no name but its node's, as an exporter leaves it. */
  private String dense(String name, String input, int in, int out) {
    String weight = graph.weight("onnx::MatMul" + name.hashCode(), gaussian(DEVIATION, in, out));
    String bias = graph.weight(huggingFace(name) + ".bias", gaussian(DEVIATION, out));
    return graph.node(
        "Add", name + "/out", List.of(bias, graph.node("MatMul", name, List.of(input, weight))));
  }

  private String norm(String name, String sum, String output) {
    float[] scale = new float[SHAPE.hidden()];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = (float) (1 + DEVIATION * random.nextGaussian());
    }
    return SegmentAssembler.norm(
        graph,
        sum,
        graph.weight(huggingFace(name) + ".weight", Tensor.of(scale, scale.length)),
        graph.weight(huggingFace(name) + ".bias", gaussian(DEVIATION, scale.length)),
        output);
  }

  private static String huggingFace(String name) {
    return name.substring(1).replace('/', '.');
  }

  private String scalar(String name, float value) {
    return graph.weight(name, Tensor.of(new float[] {value}, 1));
  }

  private String constant(String name, long... values) {
    return graph.node("Constant", List.of(name), List.of(), integers("value_ints", values));
  }

  private static AttributeProto integers(String name, long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(LongStream.of(values).boxed().toList())
        .build();
  }

  private Tensor gaussian(double deviation, int... shape) {
    float[] values = new float[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }
}
