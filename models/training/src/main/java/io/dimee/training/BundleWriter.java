package io.dimee.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.Adapter;
import io.dimee.inference.Backbone;
import io.dimee.inference.Bundle;
import io.dimee.inference.BundleManifest;
import io.dimee.inference.Hashing;
import io.dimee.inference.Prices;
import io.dimee.inference.SafeTensors;
import io.dimee.inference.Tensor;
import io.dimee.inference.TierDepths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Writes a bundle. The manifest comes last: a directory without one is no bundle. */
public final class BundleWriter {
  private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private final Path directory;

  /** Prepares to write into a directory, which is made when it is missing. */
  public BundleWriter(Path directory) {
    this.directory = directory;
  }

  /**
   * The parts of a manifest that are not computed while writing.
   *
   * @param name the bundle's name
   */
  public record Description(
      String name,
      GlueTask task,
      int maxTokens,
      TierDepths tiers,
      Prices prices,
      ObjectNode metrics,
      ObjectNode training) {}

  /** What a bundle makes of fine-tuned weights: its readers' values, under the same names. */
  public static Map<String, Tensor> asStored(Backbone backbone, Map<String, Tensor> tuned) {
    try {
      Path file = Files.createTempFile("dimee-adapter", ".safetensors");
      try {
        SafeTensors.write(file, Adapter.compact(backbone, tuned), Adapter::precision);
        Adapter adapter = new Adapter(backbone, SafeTensors.read(file));
        Map<String, Tensor> stored = new LinkedHashMap<>();
        tuned.keySet().forEach(name -> stored.put(name, adapter.weight(name)));
        return stored;
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new DataException("cannot write a temporary file: " + e.getMessage(), e);
    }
  }

  /**
   * Writes weights, pools and manifest, and returns the bundle as its readers see it.
   *
   * @param tuned fine-tuned weights by their names in the backbone, and the exits
   */
  public Bundle write(
      Description description,
      Backbone backbone,
      Map<String, Tensor> tuned,
      Calibration calibration) {
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(Bundle.MANIFEST));
      SafeTensors.write(
          directory.resolve(Bundle.ADAPTER), Adapter.compact(backbone, tuned), Adapter::precision);
      SafeTensors.write(
          directory.resolve(Bundle.POOLS),
          calibration.pools().tensors(),
          SafeTensors.Precision.F32);
      Map<String, String> files = new TreeMap<>();
      for (String name : new String[] {Bundle.ADAPTER, Bundle.POOLS}) {
        files.put(name, Hashing.sha256(directory.resolve(name)));
      }
      BundleManifest manifest =
          new BundleManifest(
              BundleManifest.FORMAT,
              description.name(),
              description.task().folder(),
              description.task().labels(),
              new BundleManifest.BackboneId(Backbone.NAME, backbone.sha256()),
              description.maxTokens(),
              files,
              description.tiers(),
              calibration.exits(),
              description.prices(),
              description.metrics(),
              description.training());
      Path temporary = directory.resolve(Bundle.MANIFEST + ".tmp");
      Files.writeString(temporary, json.writeValueAsString(manifest) + "\n");
      Files.move(temporary, directory.resolve(Bundle.MANIFEST), StandardCopyOption.ATOMIC_MOVE);
      return Bundle.open(directory);
    } catch (IOException e) {
      throw new DataException("cannot write the bundle %s: %s".formatted(directory, e), e);
    }
  }
}
