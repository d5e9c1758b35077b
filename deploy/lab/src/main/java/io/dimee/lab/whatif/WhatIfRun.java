package io.dimee.lab.whatif;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Prices;
import io.dimee.topology.cluster.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What past predictions of one model would have cost. Safe for one thread. */
public final class WhatIfRun {
  private final ObjectMapper json = new ObjectMapper();
  private final Request request;
  private WhatIfCosts costs;
  private String modelId;

  /**
   * What to recompute.
   *
   * @param bundles folder of the bundle that the predictions name
   * @param prices makes those in force of the bundle's
   * @param thresholds empty to leave answers where they were
   */
  public record Request(
      Path bundles, UnaryOperator<Prices> prices, Optional<Thresholds> thresholds) {}

  /** Prepares; the first prediction tells the model. */
  public WhatIfRun(Request request) {
    this.request = request;
  }

  /**
   * Adds a prediction.
   *
   * @param line its JSON
   * @param where it stands, for messages
   * @throws ConfigurationException when it is none, or of another model than those before it
   */
  public void add(String line, String where) {
    try {
      JsonNode prediction = json.readTree(line);
      String model = prediction.path("model_id").asText();
      if (costs == null) {
        costs = costs(model, where);
        modelId = model;
      }
      if (!model.equals(modelId)) {
        throw new ConfigurationException(
            "%s: model_id %s is not that of the predictions before it, %s; valid: predictions of one model"
                .formatted(where, model, modelId));
      }
      costs.add(prediction);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          "%s is not a JSON object: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "%s is not a prediction: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** Prices and cut of the bundle that the predictions name. */
  private WhatIfCosts costs(String model, String where) {
    String name = model.replaceFirst("@.*", "");
    if (name.isBlank()) {
      throw new IllegalArgumentException("it has no model_id");
    }
    Path folder = request.bundles().resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new ConfigurationException(
          "%s: there is no bundle %s in %s; name its directory with --bundles"
              .formatted(where, name, folder.getParent()));
    }
    BundleManifest manifest = Bundle.open(folder).manifest();
    return new WhatIfCosts(
        request.prices().apply(manifest.prices()), manifest.tiers(), request.thresholds());
  }

  /**
   * The sums over all that was added.
   *
   * @throws ConfigurationException when nothing was
   */
  public WhatIfCosts.Result result() {
    if (costs == null) {
      throw new ConfigurationException("there is no prediction to replay");
    }
    return costs.result();
  }
}
