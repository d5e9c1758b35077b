package io.dimee.deploy.pipeline;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.Cost;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.routing.Latency;

/** A prediction as one line of JSON; the field names are a contract that scripts rely on. */
public final class PredictionJson {
  private final ObjectMapper json = new ObjectMapper();

  /** Formats a prediction. */
  public String line(Prediction prediction) {
    return node(prediction).toString();
  }

  /** The same as a tree. */
  public ObjectNode node(Prediction prediction) {
    ObjectNode node = json.createObjectNode();
    node.put("id", prediction.getId());
    node.put("label", prediction.getLabel());
    node.put("label_name", prediction.getLabelName());
    prediction.getProbabilities().forEach(node.putArray("probabilities")::add);
    node.put("confidence", prediction.getConfidence());
    node.put("tier", EnumNames.lower(prediction.getTier()));
    node.put("pool", EnumNames.lower(prediction.getPool()));
    if (!prediction.getPoolDistances().isEmpty()) {
      prediction.getPoolDistances().forEach(node.putArray("pool_distances")::add);
    }
    node.put("policy", prediction.getPolicy());
    node.put("exit_depth", prediction.getExitDepth());
    node.put("layers_run", prediction.getLayersRun());
    Cost cost = prediction.getCost();
    node.putObject("cost")
        .put("compute", cost.getCompute())
        .put("offload", cost.getOffload())
        .put("total", cost.getTotal())
        .put("cloud_only", cost.getCloudOnly());
    node.put("bytes_offloaded", prediction.getBytesOffloaded());
    node.put("truncated", prediction.getTruncated());
    node.put("spilled", prediction.getSpilled());
    node.put("model_id", prediction.getModelId());
    node.put("latency_ms", Latency.millis(prediction));
    if (prediction.getGold() != null) {
      node.put("gold", prediction.getGold());
    }
    for (Hop hop : prediction.getHops()) {
      node.withArray("hops").add(hop(hop));
    }
    if (!prediction.getAttributes().isEmpty()) {
      ObjectNode attributes = node.putObject("attributes");
      prediction.getAttributes().forEach(attributes::put);
    }
    return node;
  }

  private ObjectNode hop(Hop hop) {
    ObjectNode node = json.createObjectNode();
    node.put("tier", EnumNames.lower(hop.getTier()));
    node.put("from_depth", hop.getFromDepth());
    node.put("to_depth", hop.getToDepth());
    node.put("layers_run", hop.getLayersRun());
    node.put("restarted", hop.getRestarted());
    for (ExitReading exit : hop.getExits()) {
      node.withArray("exits")
          .addObject()
          .put("depth", exit.getDepth())
          .put("label", exit.getLabel())
          .put("confidence", exit.getConfidence());
    }
    node.put("compute_ms", hop.getComputeMs());
    node.put("batch_size", hop.getBatchSize());
    node.put("bytes_in", hop.getBytesIn());
    node.put("compute_cost", hop.getComputeCost());
    node.put("offload_cost", hop.getOffloadCost());
    return node;
  }
}
