package io.dimee.inference.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.dimee.inference.bundle.ActivationRanges;
import io.dimee.inference.bundle.Adapter;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.files.Hashing;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.tokenizer.TokenizedText;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A bundle's segments and the embedding layer, assembled from backbone and bundle on first use and
 * cached under a hash of all that they are made from.
 */
public final class ModelFiles {
  private static final List<String> EMBEDDING_WEIGHTS =
      List.of(
          "embeddings.word_embeddings.weight",
          "embeddings.position_embeddings.weight",
          "embeddings.token_type_embeddings.weight",
          "embeddings.LayerNorm.weight",
          "embeddings.LayerNorm.bias");

  private final Bundle bundle;
  private final FileCache cache;
  private Backbone backbone;

  /** Prepares to assemble a bundle's files; nothing is read yet. */
  public ModelFiles(Bundle bundle, FileCache cache) {
    this.bundle = bundle;
    this.cache = cache;
  }

  /**
   * One segment's file.
   *
   * @param from encoder layers applied before it
   * @param to encoder layers applied after it; the depth of its exit
   */
  public record SegmentFile(int from, int to, Path file) {}

  /**
   * Returns the segments down to a depth, assembling those that the cache lacks.
   *
   * @param deepest depth of the last exit that is needed
   * @throws InvalidBundleException when the bundle was made for another backbone
   */
  public synchronized List<SegmentFile> segments(int deepest) {
    List<SegmentFile> segments = new ArrayList<>();
    int from = 0;
    for (Exit exit : bundle.manifest().encoderExits()) {
      int to = exit.depth();
      if (to <= deepest) {
        int start = from;
        Path file =
            cache.get(
                "segment-%d-%d-%s.onnx".formatted(from, to, segmentsId()),
                target ->
                    write(
                        target,
                        assembler().assemble(start, to, bundle.manifest().labels().size())));
        segments.add(new SegmentFile(from, to, file));
      }
      from = to;
    }
    backbone = null;
    return segments;
  }

  /** Returns the router's feature, over memory that is mapped from the cache. */
  public synchronized MeanEmbedding meanEmbedding() {
    Path file =
        cache.get(
            "embedding-" + bundle.manifest().backbone().sha256() + ".safetensors",
            target -> {
              Map<String, Tensor> tensors = new LinkedHashMap<>();
              EMBEDDING_WEIGHTS.forEach(name -> tensors.put(name, backbone().weight(name)));
              SafeTensors.write(target, tensors, SafeTensors.Precision.F32);
            });
    backbone = null;
    try {
      Map<String, Tensor> tensors = SafeTensors.read(file);
      Architecture encoder = bundle.manifest().encoder();
      String words = EMBEDDING_WEIGHTS.get(0);
      // nothing else holds a router's bundle against its backbone
      tensors.get(words).requireShape(words, encoder.vocabulary(), encoder.hidden());
      Tensor[] weights = EMBEDDING_WEIGHTS.stream().map(tensors::get).toArray(Tensor[]::new);
      return new MeanEmbedding(weights[0], weights[1], weights[2], weights[3], weights[4]);
    } catch (IOException e) {
      throw new FileCache.CacheException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Measures the activations' ranges on texts that the model may be fitted on. */
  public synchronized ActivationRanges measureRanges(List<TokenizedText> texts) {
    Adapter weights = new Adapter(backbone(), bundle.adapter());
    backbone = null;
    return new RangeProbe(weights).measure(texts);
  }

  /** Deletes a segment that ONNX Runtime refuses, so that it is assembled again. */
  public synchronized void discard(SegmentFile segment) throws IOException {
    Files.deleteIfExists(segment.file());
  }

  /** Hash of all that decides what the segments give: weights, precision, and how we write them. */
  public String segmentsId() {
    String made = SegmentAssembler.VERSION + "\n" + bundle.weightsId();
    return Hashing.sha256(made.getBytes(StandardCharsets.UTF_8));
  }

  private SegmentAssembler assembler() {
    return new SegmentAssembler(
        new Adapter(backbone(), bundle.adapter()),
        bundle.ranges().<LayerProducts>map(Int8Products::new).orElseGet(Fp32Products::new));
  }

  private Backbone backbone() {
    if (backbone == null) {
      Backbone loaded = Backbone.load(bundle.manifest().backbone().name());
      String expected = bundle.manifest().backbone().sha256();
      if (!loaded.sha256().equals(expected)) {
        throw new InvalidBundleException(
            "bundle %s: backbone.sha256=%s does not match the backbone %s of this build, %s"
                .formatted(bundle.directory(), expected, loaded.name(), loaded.sha256()));
      }
      try {
        bundle.manifest().encoder().requireOf(loaded.name(), loaded.architecture());
      } catch (InvalidBundleException e) {
        throw new InvalidBundleException(
            "bundle %s: %s".formatted(bundle.directory(), e.getMessage()), e);
      }
      backbone = loaded;
    }
    return backbone;
  }

  private static void write(Path target, ModelProto model) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
      model.writeTo(out);
    }
  }
}
