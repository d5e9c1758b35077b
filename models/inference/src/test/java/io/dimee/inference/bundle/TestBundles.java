package io.dimee.inference.bundle;

import io.dimee.inference.files.Hashing;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes bundles that leave the backbone as it is and have random exits. */
public final class TestBundles {
  private static final int WIDTH = 8;
  private static final int CLASSES = 2;

  private TestBundles() {}

  /** Writes a bundle whose exits all answer from a confidence on. */
  public static Bundle write(Path directory, double threshold) {
    return write(directory, threshold, Backbone.load(Backbone.NAMES.get(0)));
  }

  public static Bundle write(Path directory, double threshold, Backbone backbone) {
    return write(
        directory,
        threshold,
        new BundleManifest.BackboneId(backbone.name(), backbone.sha256()),
        TierDepths.PAPER.all());
  }

  public static Bundle write(Path directory, double threshold, String backboneSha256) {
    return write(
        directory,
        threshold,
        new BundleManifest.BackboneId(Backbone.NAMES.get(0), backboneSha256),
        TierDepths.PAPER.all());
  }

  public static Bundle write(
      Path directory,
      double threshold,
      BundleManifest.BackboneId backbone,
      List<Integer> exitDepths) {
    return write(directory, threshold, backbone, Precision.FP32, exitDepths);
  }

  public static Bundle write(
      Path directory,
      double threshold,
      BundleManifest.BackboneId backbone,
      Precision precision,
      List<Integer> exitDepths) {
    try {
      Files.createDirectories(directory);
      SafeTensors.write(directory.resolve(Bundle.ADAPTER), exits(), SafeTensors.Precision.F16);
      SafeTensors.write(directory.resolve(Bundle.POOLS), pools(), SafeTensors.Precision.F32);
      SafeTensors.write(
          directory.resolve(Bundle.ROUTER), router().tensors(), SafeTensors.Precision.F32);
      List<Exit> exits = new ArrayList<>();
      for (int depth : exitDepths) {
        exits.add(new Exit(depth, 1, threshold));
      }
      BundleManifest manifest =
          new BundleManifest(
              BundleManifest.FORMAT,
              "test",
              "none",
              List.of("no", "yes"),
              null,
              backbone,
              precision,
              128,
              Map.of(
                  Bundle.ADAPTER, Hashing.sha256(directory.resolve(Bundle.ADAPTER)),
                  Bundle.POOLS, Hashing.sha256(directory.resolve(Bundle.POOLS)),
                  Bundle.ROUTER, Hashing.sha256(directory.resolve(Bundle.ROUTER))),
              TierDepths.PAPER,
              exits,
              Prices.DEFAULT,
              null,
              new ObjectNode(JsonNodeFactory.instance),
              new ObjectNode(JsonNodeFactory.instance));
      Files.writeString(
          directory.resolve(Bundle.MANIFEST), new ObjectMapper().writeValueAsString(manifest));
      return Bundle.open(directory);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Map<String, Tensor> exits() {
    int layers = Backbone.ARCHITECTURE.layers();
    int hidden = Backbone.ARCHITECTURE.hidden();
    Random random = new Random(5);
    Map<String, Tensor> exits = new LinkedHashMap<>();
    exits.put("exits.dense.weight", gaussian(random, layers, hidden, WIDTH));
    exits.put("exits.dense.bias", gaussian(random, layers, 1, WIDTH));
    exits.put("exits.output.weight", gaussian(random, layers, WIDTH, CLASSES));
    exits.put("exits.output.bias", gaussian(random, layers, 1, CLASSES));
    return exits;
  }

  private static Map<String, Tensor> pools() {
    Map<String, Tensor> pools = new LinkedHashMap<>();
    for (Pool pool : Pool.values()) {
      pools.put(
          pool.name(), gaussian(new Random(pool.name().length()), Backbone.ARCHITECTURE.hidden()));
    }
    return pools;
  }

  private static TierPredictor router() {
    int size = 2 + Backbone.ARCHITECTURE.hidden();
    return new TierPredictor(
        new TierPredictor.Weights(
            new float[size],
            new float[size],
            new float[3],
            new float[Backbone.ARCHITECTURE.layers()]));
  }

  private static Tensor gaussian(Random random, int... shape) {
    int size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (0.3 * random.nextGaussian());
    }
    return Tensor.of(values, shape);
  }
}
