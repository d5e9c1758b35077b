package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Tier;
import io.dimee.serdes.EnumNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Entries of the ledger as JSON, and back; the field names are a contract that scripts rely on. */
public final class LedgerJson {
  private final ObjectMapper json = new ObjectMapper();

  /** Writes entries. */
  public ArrayNode write(List<LedgerEntry> entries) {
    ArrayNode array = json.createArrayNode();
    for (LedgerEntry entry : entries) {
      ObjectNode node = array.addObject();
      node.put("window_start", entry.getWindowStart().toString());
      node.put("window_end", entry.getWindowEnd().toString());
      node.put("tier", EnumNames.lower(entry.getTier()));
      node.put("pool", EnumNames.lower(entry.getPool()));
      node.put("policy", entry.getPolicy());
      node.put("model_id", entry.getModelId());
      node.put("count", entry.getCount());
      node.put("spilled", entry.getSpilled());
      node.put("cost", entry.getCost());
      node.put("cloud_only_cost", entry.getCloudOnlyCost());
      node.put("bytes_offloaded", entry.getBytesOffloaded());
      node.put("layers_run", entry.getLayersRun());
      entry.getConfidences().forEach(node.putArray("confidences")::add);
      ArrayNode exits = node.putArray("exits");
      for (ExitCount exit : entry.getExits()) {
        exits
            .addObject()
            .put("depth", exit.getDepth())
            .put("count", exit.getCount())
            .put("labelled", exit.getLabelled())
            .put("right", exit.getRight());
      }
    }
    return array;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException when it is nothing of the kind
   */
  public List<LedgerEntry> read(JsonNode array) {
    if (!array.isArray()) {
      throw new IllegalArgumentException("no list of entries: " + array);
    }
    List<LedgerEntry> entries = new ArrayList<>();
    for (JsonNode node : array) {
      List<Long> confidences = new ArrayList<>();
      node.required("confidences").forEach(count -> confidences.add(count.longValue()));
      List<ExitCount> exits = new ArrayList<>();
      for (JsonNode exit : node.required("exits")) {
        exits.add(
            new ExitCount(
                exit.required("depth").intValue(),
                exit.required("count").longValue(),
                exit.required("labelled").longValue(),
                exit.required("right").longValue()));
      }
      entries.add(
          LedgerEntry.newBuilder()
              .setWindowStart(Instant.parse(node.required("window_start").textValue()))
              .setWindowEnd(Instant.parse(node.required("window_end").textValue()))
              .setTier(Tier.valueOf(node.required("tier").textValue().toUpperCase(Locale.ROOT)))
              .setPool(Pool.valueOf(node.required("pool").textValue().toUpperCase(Locale.ROOT)))
              .setPolicy(node.required("policy").textValue())
              .setModelId(node.required("model_id").textValue())
              .setCount(node.required("count").longValue())
              .setSpilled(node.required("spilled").longValue())
              .setCost(node.required("cost").doubleValue())
              .setCloudOnlyCost(node.required("cloud_only_cost").doubleValue())
              .setBytesOffloaded(node.required("bytes_offloaded").longValue())
              .setLayersRun(node.required("layers_run").longValue())
              .setConfidences(confidences)
              .setExits(exits)
              .build());
    }
    return entries;
  }

  /** Writes the entries of parts of the ledger, by the parts' numbers. */
  ObjectNode writeParts(Map<Integer, List<LedgerEntry>> parts) {
    ObjectNode node = json.createObjectNode();
    parts.forEach((part, entries) -> node.set(part.toString(), write(entries)));
    return node;
  }
}
