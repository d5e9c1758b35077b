package io.dimee.calibration.fit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.DataSet;
import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Precision;
import io.dimee.inference.bundle.Prices;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.files.Hashing;
import io.dimee.inference.files.TemporaryFiles;
import io.dimee.inference.words.WordsModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes a bundle. The manifest comes last: a directory without one is no bundle. */
public final class BundleWriter {
  private static final String TEMPORARY = ".tmp";

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
      DataSet data,
      int maxTokens,
      TierDepths tiers,
      Prices prices,
      ObjectNode metrics,
      ObjectNode training) {}

  /** What a bundle makes of fine-tuned weights: its readers' values, under the same names. */
  public static Map<String, Tensor> asStored(Backbone backbone, Map<String, Tensor> tuned) {
    try {
      Path file = Files.createTempFile(TemporaryFiles.folder(), "dimee-adapter", ".safetensors");
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
   * @param words the classifier of n-grams, which is written where the calibration asks it
   */
  public Bundle write(
      Description description,
      Backbone backbone,
      Map<String, Tensor> tuned,
      Optional<WordsModel> words,
      Calibration calibration) {
    return replace(
        file -> SafeTensors.write(file, Adapter.compact(backbone, tuned), Adapter::precision),
        Optional.empty(),
        words,
        calibration,
        files ->
            new BundleManifest(
                BundleManifest.FORMAT,
                description.name(),
                description.data().name(),
                description.data().labels(),
                description.data().isPair(),
                new BundleManifest.BackboneId(backbone.name(), backbone.sha256()),
                backbone.architecture(),
                Precision.FP32,
                description.maxTokens(),
                files,
                description.tiers(),
                calibration.exits(),
                calibration.abstainBelow(),
                description.prices(),
                calibration.reference(),
                description.metrics(),
                description.training()));
  }

  /** Writes a bundle with the weights of another and its own calibration. */
  Bundle recalibrate(
      Bundle bundle,
      Optional<WordsModel> words,
      Calibration calibration,
      Prices prices,
      ObjectNode metrics,
      ObjectNode training) {
    BundleManifest old = bundle.manifest();
    return replace(
        file ->
            Files.copy(
                bundle.directory().resolve(Bundle.ADAPTER),
                file,
                StandardCopyOption.REPLACE_EXISTING),
        bundle.ranges(),
        words,
        calibration,
        files ->
            new BundleManifest(
                old.format(),
                old.name(),
                old.task(),
                old.labels(),
                old.pair(),
                old.backbone(),
                old.encoder(),
                old.precision(),
                old.maxTokens(),
                files,
                old.tiers(),
                calibration.exits(),
                calibration.abstainBelow(),
                prices,
                calibration.reference(),
                metrics,
                training));
  }

  private interface Content {
    void writeTo(Path file) throws IOException;
  }

  /**
   * All files are written beside the old ones first, so that one that cannot be written leaves the
   * old bundle whole; a bundle that is half of each is refused by its hashes.
   */
  private Bundle replace(
      Content weights,
      Optional<ActivationRanges> ranges,
      Optional<WordsModel> words,
      Calibration calibration,
      Function<Map<String, String>, BundleManifest> describe) {
    try {
      Files.createDirectories(directory);
      Map<String, String> files = new TreeMap<>();
      files.put(Bundle.ADAPTER, prepare(Bundle.ADAPTER, weights));
      files.put(Bundle.POOLS, prepare(Bundle.POOLS, tensors(calibration.pools().tensors())));
      files.put(Bundle.ROUTER, prepare(Bundle.ROUTER, tensors(calibration.predictor().tensors())));
      if (ranges.isPresent()) {
        files.put(Bundle.RANGES, prepare(Bundle.RANGES, tensors(ranges.get().tensors())));
      }
      if (calibration.asksWords()) {
        files.put(Bundle.WORDS, prepare(Bundle.WORDS, words.orElseThrow()::write));
      }
      String manifest = json.writeValueAsString(describe.apply(files)) + "\n";
      prepare(Bundle.MANIFEST, file -> Files.writeString(file, manifest));
      for (String name : files.keySet()) {
        take(name);
      }
      take(Bundle.MANIFEST);
      if (!files.containsKey(Bundle.WORDS)) {
        Files.deleteIfExists(directory.resolve(Bundle.WORDS));
      }
      return Bundle.open(directory);
    } catch (IOException e) {
      throw new DataException("cannot write the bundle %s: %s".formatted(directory, e), e);
    }
  }

  private static Content tensors(Map<String, Tensor> tensors) {
    return file -> SafeTensors.write(file, tensors, SafeTensors.Precision.F32);
  }

  private String prepare(String name, Content content) throws IOException {
    Path file = directory.resolve(name + TEMPORARY);
    content.writeTo(file);
    return Hashing.sha256(file);
  }

  private void take(String name) throws IOException {
    Files.move(
        directory.resolve(name + TEMPORARY),
        directory.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
