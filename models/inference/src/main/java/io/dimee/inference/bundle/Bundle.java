package io.dimee.inference.bundle;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.inference.files.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A directory that makes one task runnable: manifest.json, the fine-tuned weights as a difference
 * to the backbone (adapter.safetensors), the pools' centroids (pools.safetensors), the adaptive
 * router (router.safetensors), where it computes in 8-bit integers, the activations' ranges
 * (ranges.safetensors) and, where words alone answer some events, their n-grams' weights
 * (words.safetensors).
 */
public final class Bundle {
  /** Name of the manifest's file. */
  public static final String MANIFEST = "manifest.json";

  /** Name of the weights' file. */
  public static final String ADAPTER = "adapter.safetensors";

  /** Name of the centroids' file. */
  public static final String POOLS = "pools.safetensors";

  /** Name of the file with the adaptive router's weights. */
  public static final String ROUTER = "router.safetensors";

  /** Name of the file with the activations' ranges; only where the precision is int8. */
  public static final String RANGES = "ranges.safetensors";

  /** Name of the file with the n-grams' weights; only where there is an exit at depth 0. */
  public static final String WORDS = "words.safetensors";

  private static final List<String> ALWAYS = List.of(ADAPTER, POOLS, ROUTER);

  private static final int ID_DIGITS = 12;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  private final Path directory;
  private final BundleManifest manifest;
  private final Optional<ActivationRanges> ranges;

  private Bundle(Path directory, BundleManifest manifest, Optional<ActivationRanges> ranges) {
    this.directory = directory;
    this.manifest = manifest;
    this.ranges = ranges;
  }

  /**
   * Opens a bundle and checks its files against the hashes in its manifest.
   *
   * @throws InvalidBundleException when it is missing, damaged, or made for another backbone
   */
  public static Bundle open(Path directory) {
    Path file = directory.resolve(MANIFEST);
    if (!Files.isRegularFile(file)) {
      throw new InvalidBundleException(
          "no bundle at %s: it has no %s".formatted(directory, MANIFEST));
    }
    try {
      BundleManifest manifest = JSON.readValue(Files.readAllBytes(file), BundleManifest.class);
      if (manifest == null) {
        throw new InvalidBundleException(
            "bundle %s: its %s is empty".formatted(directory, MANIFEST));
      }
      if (!Backbone.isCarried(manifest.backbone().name())) {
        throw new InvalidBundleException(
            "bundle %s needs the backbone %s; this build carries %s"
                .formatted(directory, manifest.backbone().name(), Backbone.NAMES));
      }
      for (String name : ALWAYS) {
        verify(directory, name, manifest.files().get(name));
      }
      if (manifest.wordsExit().isPresent()) {
        verify(directory, WORDS, manifest.files().get(WORDS));
      }
      if (manifest.precision() == Precision.FP32) {
        return new Bundle(directory, manifest, Optional.empty());
      }
      verify(directory, RANGES, manifest.files().get(RANGES));
      return new Bundle(
          directory,
          manifest,
          Optional.of(
              ActivationRanges.of(
                  SafeTensors.read(directory.resolve(RANGES)), manifest.encoder())));
    } catch (IOException e) {
      InvalidBundleException known = invalid(e);
      throw new InvalidBundleException(
          "bundle %s: %s"
              .formatted(
                  directory,
                  (known == null ? e : known).getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  private static InvalidBundleException invalid(Throwable e) {
    // Jackson wraps what a record's constructor throws
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidBundleException found) {
        return found;
      }
    }
    return null;
  }

  private static void verify(Path directory, String name, String expected) throws IOException {
    if (expected == null) {
      throw new InvalidBundleException(
          "bundle %s: files has no hash of %s".formatted(directory, name));
    }
    if (!Files.isRegularFile(directory.resolve(name))) {
      throw new InvalidBundleException("bundle %s: %s is missing".formatted(directory, name));
    }
    String actual = Hashing.sha256(directory.resolve(name));
    if (!actual.equals(expected)) {
      throw new InvalidBundleException(
          "bundle %s: %s has the hash %s, the manifest says %s"
              .formatted(directory, name, actual, expected));
    }
  }

  /**
   * The same model, asked at other depths or with other temperatures and thresholds.
   *
   * @throws InvalidBundleException when a tier ends where there is none
   */
  public Bundle withExits(List<Exit> exits) {
    return new Bundle(directory, manifest.withExits(exits), ranges);
  }

  /** The same model computed in 32-bit floats. */
  public Bundle inFp32() {
    return new Bundle(directory, manifest.withPrecision(Precision.FP32), Optional.empty());
  }

  /** The same model computed in 8-bit integers. */
  public Bundle inInt8(ActivationRanges measured) {
    return new Bundle(directory, manifest.withPrecision(Precision.INT8), Optional.of(measured));
  }

  /** Ranges of the activations, where the model computes in 8-bit integers. */
  public Optional<ActivationRanges> ranges() {
    return ranges;
  }

  /** Hash of all that decides what the layers compute: backbone, weights, precision. */
  public String weightsId() {
    List<String> made =
        new ArrayList<>(
            List.of(
                manifest.backbone().sha256(),
                manifest.files().get(ADAPTER),
                manifest.precision().toString(),
                ranges.map(ActivationRanges::sha256).orElse("")));
    if (Backbone.known(manifest.backbone().name()).isEmpty()) {
      // the number of heads is in none of the weights
      made.add(manifest.encoder().toString());
    }
    return Hashing.sha256(String.join("\n", made).getBytes(StandardCharsets.UTF_8));
  }

  /** What the bundle says of itself. */
  public BundleManifest manifest() {
    return manifest;
  }

  /** Where the bundle lies. */
  public Path directory() {
    return directory;
  }

  /**
   * Bundle name @ hash of all that decides a hidden state and its exits: what the layers compute,
   * and the cut. Calibration and prices are left out: a task in flight survives their change.
   */
  public String modelId() {
    String identity = String.join("\n", weightsId(), manifest.tiers().toString());
    return manifest.name()
        + "@"
        + Hashing.sha256(identity.getBytes(StandardCharsets.UTF_8)).substring(0, ID_DIGITS);
  }

  /** Reads the fine-tuned weights. */
  public Map<String, Tensor> adapter() {
    return read(ADAPTER);
  }

  /** Reads the pools. */
  public Pools pools() {
    return Pools.of(read(POOLS), manifest.encoder().hidden());
  }

  /** Reads the adaptive router's predictor. */
  public TierPredictor tierPredictor() {
    return TierPredictor.of(read(ROUTER), manifest.encoder());
  }

  private Map<String, Tensor> read(String name) {
    try {
      return SafeTensors.read(directory.resolve(name));
    } catch (IOException e) {
      throw new InvalidBundleException(
          "bundle %s: cannot read %s: %s".formatted(directory, name, e.getMessage()), e);
    }
  }
}
