package io.dimee.inference.bundle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.files.Hashing;
import io.dimee.inference.onnx.TinyEncoder;
import io.dimee.inference.words.WordsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Writes bundles that leave their backbone as it is and have random exits. */
public final class TestBundles {
  private static final int WIDTH = 8;
  private static final int CLASSES = 2;
  private static final double DEVIATION = 0.3;

  /** Hidden size of the encoders that people use here. */
  private static final int WIDEST = 384;

  /** What some of the tiny encoder's answers reach at each exit, and some do not. */
  private static final List<Double> TINY_THRESHOLDS = List.of(0.735, 0.6, 0.9, 0.0);

  private static final double WORDS_THRESHOLD = 0.9;

  private TestBundles() {}

  /** Writes a bundle of the tiny encoder whose exits all answer from a confidence on. */
  public static Bundle write(Path directory, double threshold) {
    return write(directory, threshold, Backbone.load(TinyEncoder.NAME));
  }

  public static Bundle write(Path directory, double threshold, Backbone backbone) {
    BundleManifest.BackboneId id =
        new BundleManifest.BackboneId(backbone.name(), backbone.sha256());
    Architecture shape = backbone.architecture();
    return write(directory, "test", id, shape, exits(threshold, tiers(shape).all()));
  }

  /** Writes a bundle that says that its backbone has a hash. */
  public static Bundle write(Path directory, double threshold, String backboneSha256) {
    return write(
        directory,
        threshold,
        new BundleManifest.BackboneId(TinyEncoder.NAME, backboneSha256),
        tiers(TinyEncoder.SHAPE).all());
  }

  /** Writes a bundle of the tiny encoder with exits at these depths. */
  public static Bundle write(
      Path directory,
      double threshold,
      BundleManifest.BackboneId backbone,
      List<Integer> exitDepths) {
    return write(directory, "test", backbone, TinyEncoder.SHAPE, exits(threshold, exitDepths));
  }

  /** Writes the bundle that is committed for the tests of other modules. */
  public static Bundle writeTiny(Path directory) {
    Backbone backbone = Backbone.load(TinyEncoder.NAME);
    List<Exit> exits = new ArrayList<>();
    for (double threshold : TINY_THRESHOLDS) {
      exits.add(new Exit(exits.size() + 1, 1, threshold));
    }
    return write(
        directory,
        "tiny",
        new BundleManifest.BackboneId(backbone.name(), backbone.sha256()),
        backbone.architecture(),
        exits);
  }

  /**
   * Writes the bundle with an exit at depth 0 that is committed for the tests of other modules: the
   * tiny one, and n-grams of a few words.
   */
  public static Bundle writeWords(Path directory, WordsModel words) throws IOException {
    Bundle tiny = writeTiny(directory);
    words.write(directory.resolve(Bundle.WORDS));
    BundleManifest manifest = tiny.manifest();
    Map<String, String> files = new TreeMap<>(manifest.files());
    files.put(Bundle.WORDS, Hashing.sha256(directory.resolve(Bundle.WORDS)));
    List<Exit> exits = new ArrayList<>(manifest.exits());
    exits.add(0, new Exit(Exit.WORDS, 1, WORDS_THRESHOLD));
    write(
        directory,
        new BundleManifest(
            manifest.format(),
            "words",
            manifest.task(),
            manifest.labels(),
            manifest.pair(),
            manifest.backbone(),
            manifest.encoder(),
            manifest.precision(),
            manifest.maxTokens(),
            files,
            manifest.tiers(),
            exits,
            manifest.abstainBelow(),
            manifest.prices(),
            null,
            manifest.metrics(),
            manifest.training()));
    return Bundle.open(directory);
  }

  private static void write(Path directory, BundleManifest manifest) throws IOException {
    ObjectMapper json =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    Files.writeString(directory.resolve(Bundle.MANIFEST), json.writeValueAsString(manifest) + "\n");
  }

  private static List<Exit> exits(double threshold, List<Integer> depths) {
    return depths.stream().map(depth -> new Exit(depth, 1, threshold)).toList();
  }

  private static TierDepths tiers(Architecture shape) {
    return new TierDepths(shape.layers() / 4, shape.layers() / 2, shape.layers());
  }

  private static Bundle write(
      Path directory,
      String name,
      BundleManifest.BackboneId backbone,
      Architecture shape,
      List<Exit> exits) {
    try {
      Files.createDirectories(directory);
      SafeTensors.write(
          directory.resolve(Bundle.ADAPTER), exitWeights(shape), SafeTensors.Precision.F16);
      SafeTensors.write(
          directory.resolve(Bundle.POOLS), pools(shape.hidden()), SafeTensors.Precision.F32);
      SafeTensors.write(
          directory.resolve(Bundle.ROUTER), router(shape).tensors(), SafeTensors.Precision.F32);
      BundleManifest manifest =
          new BundleManifest(
              BundleManifest.FORMAT,
              name,
              "none",
              List.of("negative", "positive"),
              false,
              backbone,
              shape,
              Precision.FP32,
              128,
              new TreeMap<>(
                  Map.of(
                      Bundle.ADAPTER, Hashing.sha256(directory.resolve(Bundle.ADAPTER)),
                      Bundle.POOLS, Hashing.sha256(directory.resolve(Bundle.POOLS)),
                      Bundle.ROUTER, Hashing.sha256(directory.resolve(Bundle.ROUTER)))),
              tiers(shape),
              exits,
              null,
              Prices.DEFAULT,
              null,
              new ObjectNode(JsonNodeFactory.instance),
              new ObjectNode(JsonNodeFactory.instance));
      write(directory, manifest);
      return Bundle.open(directory);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Tensor> exitWeights(Architecture shape) {
    int layers = shape.layers();
    int hidden = shape.hidden();
    Random random = new Random(5);
    Map<String, Tensor> exits = new LinkedHashMap<>();
    // so that exits of a narrow encoder, too, are confident of some texts and not of others
    double deviation = DEVIATION * Math.sqrt((double) WIDEST / hidden);
    exits.put("exits.dense.weight", gaussian(random, deviation, layers, hidden, WIDTH));
    exits.put("exits.dense.bias", gaussian(random, layers, 1, WIDTH));
    exits.put("exits.output.weight", gaussian(random, layers, WIDTH, CLASSES));
    exits.put("exits.output.bias", gaussian(random, layers, 1, CLASSES));
    return exits;
  }

  private static Map<String, Tensor> pools(int hidden) {
    Map<String, Tensor> pools = new LinkedHashMap<>();
    for (Pool pool : Pool.values()) {
      pools.put(pool.name(), gaussian(new Random(pool.name().length()), hidden));
    }
    return pools;
  }

  private static TierPredictor router(Architecture shape) {
    int size = 2 + shape.hidden();
    return new TierPredictor(
        new TierPredictor.Weights(
            new float[size], new float[size], new float[3], new float[shape.layers()]));
  }

  private static Tensor gaussian(Random random, int... shape) {
    return gaussian(random, DEVIATION, shape);
  }

  private static Tensor gaussian(Random random, double deviation, int... shape) {
    int size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }
}
