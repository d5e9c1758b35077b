package io.dimee.deploy.dashboard;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.topology.deadletters.DeadLetters;
import io.dimee.topology.router.EventAttributes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds what is kept and shown to a size that does not depend on who wrote it. What the pipeline
 * itself writes is left as it is.
 */
final class Bounds {
  /** More hops than tiers, and more exits than an encoder has layers. */
  private static final int STEPS = 64;

  /** More classes than a page shows. */
  private static final int CLASSES = 1_000;

  private Bounds() {}

  /** Cuts a prediction. */
  static void cut(Prediction prediction) {
    prediction.setId(DeadLetters.head(prediction.getId()));
    prediction.setLabelName(DeadLetters.head(prediction.getLabelName()));
    prediction.setPolicy(DeadLetters.head(prediction.getPolicy()));
    prediction.setModelId(DeadLetters.head(prediction.getModelId()));
    prediction.setProbabilities(first(prediction.getProbabilities(), CLASSES));
    prediction.setPoolDistances(first(prediction.getPoolDistances(), STEPS));
    prediction.setHops(first(prediction.getHops(), STEPS));
    for (Hop hop : prediction.getHops()) {
      hop.setExits(first(hop.getExits(), STEPS));
    }
    prediction.setAttributes(first(prediction.getAttributes()));
  }

  /** Cuts a dead letter, whose payload nobody is shown, and returns it. */
  static DeadLetter cut(DeadLetter letter) {
    if (letter.getEventId() != null) {
      letter.setEventId(DeadLetters.head(letter.getEventId()));
    }
    if (letter.getException() != null) {
      letter.setException(DeadLetters.head(letter.getException()));
    }
    letter.setMessage(DeadLetters.head(letter.getMessage()));
    letter.setTopic(DeadLetters.head(letter.getTopic()));
    letter.setPayloadHead(ByteBuffer.allocate(0));
    return letter;
  }

  private static <T> List<T> first(List<T> items, int most) {
    return items.size() <= most ? items : new ArrayList<>(items.subList(0, most));
  }

  /** As many attributes as an event may bring. */
  private static Map<String, String> first(Map<String, String> attributes) {
    if (EventAttributes.problem(attributes).isEmpty()) {
      return attributes;
    }
    Map<String, String> first = new LinkedHashMap<>();
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      first.put(attribute.getKey(), attribute.getValue());
      if (EventAttributes.problem(first).isPresent()) {
        first.remove(attribute.getKey());
        return first;
      }
    }
    return first;
  }
}
