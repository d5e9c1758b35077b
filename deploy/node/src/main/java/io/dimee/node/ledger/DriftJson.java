package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.ledger.DriftLevel;
import io.dimee.topology.ledger.DriftReading;
import java.util.List;

/** Readings of drift as JSON; the field names are a contract that scripts rely on. */
public final class DriftJson {
  private DriftJson() {}

  /** Adds readings, and the bounds that they are judged by. */
  public static void write(List<DriftReading> readings, ObjectNode node) {
    node.putObject("drift_thresholds")
        .put("watch", DriftLevel.WATCH_FROM)
        .put("alarm", DriftLevel.ALARM_FROM);
    ArrayNode array = node.putArray("drift");
    for (DriftReading reading : readings) {
      ObjectNode one = array.addObject();
      one.put("model_id", reading.modelId());
      one.put("policy", reading.policy());
      one.put("feature", EnumNames.lower(reading.feature()));
      one.put("events", reading.events());
      if (reading.index() != null) {
        one.put("psi", reading.index().value());
        one.put("noise", reading.index().noise());
      }
      one.put("level", reading.level().id());
    }
  }
}
