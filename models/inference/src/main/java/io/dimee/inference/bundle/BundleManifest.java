package io.dimee.inference.bundle;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a bundle says of itself, in its manifest.json.
 *
 * @param format version of this layout
 * @param name the bundle's name
 * @param task the data set it was trained on
 * @param labels class names; their order is the order of the logits
 * @param pair whether each event has two texts; null in bundles of builds that did not say it
 * @param backbone the encoder it builds on
 * @param encoder the backbone's shape; null where the manifest does not bring it, and then that of
 *     the known backbone of this name
 * @param precision what the encoder's layers are computed in
 * @param maxTokens longest input in tokens, special tokens included
 * @param files SHA-256 of every other file of the bundle, by name
 * @param tiers where the encoder is cut
 * @param exits the exits that are asked, shallowest first; one at the end of every tier, and others
 *     between them
 * @param abstainBelow least confidence of an answer of the exit that answers in any case, in (0,
 *     1); below it, the label is withheld. Null where it never is
 * @param prices defaults of the cost model
 * @param reference what held-out rows looked like, for the comparison with live events; null where
 *     it was not measured
 * @param metrics what was measured, on which data
 * @param training how it was made: seed, hyper-parameters, data hash, command line
 */
public record BundleManifest(
    int format,
    String name,
    String task,
    List<String> labels,
    @JsonInclude(JsonInclude.Include.NON_NULL) Boolean pair,
    BackboneId backbone,
    Architecture encoder,
    Precision precision,
    @JsonProperty("max_tokens") int maxTokens,
    Map<String, String> files,
    TierDepths tiers,
    List<Exit> exits,
    @JsonProperty("abstain_below") @JsonInclude(JsonInclude.Include.NON_NULL) Double abstainBelow,
    Prices prices,
    @JsonInclude(JsonInclude.Include.NON_NULL) CalibrationReference reference,
    JsonNode metrics,
    JsonNode training) {
  /** The layout that this code reads and writes. */
  public static final int FORMAT = 2;

  /** Checks that the parts agree. */
  public BundleManifest {
    if (format != FORMAT) {
      throw new InvalidBundleException(
          "format=%d is not supported; this version reads format %d".formatted(format, FORMAT));
    }
    require(name != null && name.matches("[A-Za-z0-9._-]{1,64}"), "name", name);
    require(labels != null && labels.size() >= 2, "labels", labels);
    require(
        backbone != null && backbone.name() != null && backbone.sha256() != null,
        "backbone",
        backbone);
    encoder = shape(encoder, backbone.name());
    require(precision != null, "precision", precision);
    require(files != null && !files.isEmpty(), "files", files);
    require(tiers != null, "tiers", tiers);
    require(prices != null && prices.layer() != null && prices.offload() != null, "prices", prices);
    require(maxTokens >= 8 && maxTokens <= encoder.positions(), "max_tokens", maxTokens);
    require(tiers.cloud() <= encoder.layers(), "tiers", tiers);
    require(exits != null && !exits.isEmpty(), "exits", exits);
    require(exits.get(0).depth() != Exit.WORDS || files.containsKey(Bundle.WORDS), "exits", exits);
    require(
        exits.get(0).depth() == Exit.WORDS || exits.stream().allMatch(e -> e.wordsWeight() == 0),
        "exits",
        exits);
    for (int i = 1; i < exits.size(); i++) {
      require(exits.get(i).depth() > exits.get(i - 1).depth(), "exits", exits.get(i));
    }
    require(exits.get(exits.size() - 1).depth() == tiers.cloud(), "exits", exits);
    for (Exit exit : exits) {
      int thresholds = exit.thresholds().size();
      require(thresholds == 1 || thresholds == labels.size(), "exits", exit);
    }
    List<Integer> depths = exits.stream().map(Exit::depth).toList();
    require(depths.containsAll(tiers.all()), "exits", depths);
    require(
        abstainBelow == null || (abstainBelow > 0 && abstainBelow < 1),
        "abstain_below",
        abstainBelow);
    require(abstainBelow == null || !labels.contains(UnknownLabel.NAME), "labels", labels);
    require(reference == null || reference.exits().size() == exits.size(), "reference", reference);
    labels = List.copyOf(labels);
    exits = List.copyOf(exits);
    files = Map.copyOf(files);
  }

  /** The same with other exits, which nothing was measured with. */
  public BundleManifest withExits(List<Exit> others) {
    return new BundleManifest(
        format,
        name,
        task,
        labels,
        pair,
        backbone,
        encoder,
        precision,
        maxTokens,
        files,
        tiers,
        others,
        abstainBelow,
        prices,
        null,
        metrics,
        training);
  }

  /** The same computed in other numbers; its calibration no longer fits. */
  public BundleManifest withPrecision(Precision other) {
    return new BundleManifest(
        format,
        name,
        task,
        labels,
        pair,
        backbone,
        encoder,
        other,
        maxTokens,
        files,
        tiers,
        exits,
        abstainBelow,
        prices,
        null,
        metrics,
        training);
  }

  /** Name and hash of the encoder that a bundle builds on. */
  public record BackboneId(String name, String sha256) {}

  /**
   * Calibration of the exit at a depth.
   *
   * @throws IllegalArgumentException when none is asked there
   */
  public Exit exit(int depth) {
    return exits.stream()
        .filter(exit -> exit.depth() == depth)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("there is no exit at depth %d".formatted(depth)));
  }

  /** Whether the label of an answer is withheld: no other exit is asked, and this one is unsure. */
  public boolean withholds(ExitReading answer) {
    return abstainBelow != null
        && answer.confidence() < abstainBelow
        && exit(answer.depth()).answersAll();
  }

  /** The exits on the encoder, shallowest first. */
  public List<Exit> encoderExits() {
    return exits.stream().filter(exit -> exit.depth() != Exit.WORDS).toList();
  }

  /** Whether exits on the encoder take in what words alone say. */
  public boolean stacksWords() {
    return exits.stream().anyMatch(exit -> exit.wordsWeight() != 0);
  }

  /** The exit that reads words alone; empty where the bundle has none. */
  public Optional<Exit> wordsExit() {
    return exits.stream().filter(exit -> exit.depth() == Exit.WORDS).findFirst();
  }

  private static Architecture shape(Architecture brought, String backbone) {
    Optional<Architecture> known = Backbone.known(backbone);
    if (brought == null) {
      return known.orElseThrow(
          () ->
              new InvalidBundleException(
                  "encoder is missing: %s is not a backbone that this build knows; it knows %s"
                      .formatted(backbone, Backbone.NAMES)));
    }
    known.ifPresent(shape -> brought.requireOf(backbone, shape));
    return brought;
  }

  private static void require(boolean holds, String key, Object value) {
    if (!holds) {
      throw new InvalidBundleException("%s=%s is missing or not valid".formatted(key, value));
    }
  }
}
