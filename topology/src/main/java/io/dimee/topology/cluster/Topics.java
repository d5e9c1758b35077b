package io.dimee.topology.cluster;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Prediction;
import io.dimee.avro.Replay;
import io.dimee.avro.TextEvent;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;

/**
 * Names of the topics; all share a prefix.
 *
 * @param prefix put before every name
 */
public record Topics(String prefix) {
  /** What the topics' names begin with unless configured otherwise. */
  public static final String DEFAULT_PREFIX = "dimee.";

  /** Checks the prefix. */
  public Topics {
    if (!prefix.matches("[A-Za-z0-9._-]{0,200}")) {
      throw new IllegalArgumentException(
          "topic-prefix=%s may hold letters, digits, '.', '_' and '-', 200 at most"
              .formatted(prefix));
    }
  }

  /** What users produce. */
  public String events() {
    return prefix + "events";
  }

  /** Tasks for the mobile tier. */
  public String easy() {
    return prefix + "easy";
  }

  /** Tasks for the edge tier. */
  public String medium() {
    return prefix + "medium";
  }

  /** Tasks for the cloud tier. */
  public String hard() {
    return prefix + "hard";
  }

  /** Answers. */
  public String predictions() {
    return prefix + "predictions";
  }

  /** What could not be answered. */
  public String deadLetters() {
    return prefix + "dead-letters";
  }

  /** Which dead letters were replayed; made by the first replay. */
  public String replays() {
    return prefix + "replays";
  }

  /** What the predictions of each minute add up to. */
  public String ledger() {
    return prefix + "ledger";
  }

  /** Tasks for a tier. */
  public String tasks(Tier tier) {
    return switch (tier) {
      case MOBILE -> easy();
      case EDGE -> medium();
      case CLOUD -> hard();
    };
  }

  /** Consumer group of the router; Kafka Streams calls it the application's id. */
  public String router() {
    return prefix + "router";
  }

  /** Consumer group of the ledger, and its application's id. */
  public String ledgerGroup() {
    return prefix + "ledger";
  }

  /** Consumer group of what counts events without an outcome, and its application's id. */
  public String unansweredGroup() {
    return ledgerGroup() + "-unanswered";
  }

  /** Consumer group of a tier's workers. */
  public String group(Tier tier) {
    return prefix + EnumNames.lower(tier);
  }

  /** All topics that the pipeline needs. */
  public List<String> all() {
    return List.of(events(), easy(), medium(), hard(), predictions(), deadLetters());
  }

  /** Topics whose records the pipeline reads: events and tasks. */
  public List<String> inputs() {
    return List.of(events(), easy(), medium(), hard());
  }

  /** What each topic holds, those of replays and of the ledger included. */
  public Map<String, Class<? extends SpecificRecord>> types() {
    Map<String, Class<? extends SpecificRecord>> types = new LinkedHashMap<>();
    types.put(events(), TextEvent.class);
    for (Tier tier : Tier.values()) {
      types.put(tasks(tier), InferenceTask.class);
    }
    types.put(predictions(), Prediction.class);
    types.put(deadLetters(), DeadLetter.class);
    types.put(replays(), Replay.class);
    types.put(ledger(), LedgerEntry.class);
    return types;
  }

  /** Topics that a tier's process writes, with what they hold; the mobile tier's routes too. */
  public Map<String, Class<? extends SpecificRecord>> writtenBy(Tier tier) {
    Map<String, Class<? extends SpecificRecord>> written = types();
    Set<String> names = new HashSet<>(Set.of(predictions(), deadLetters()));
    for (Tier other : Tier.values()) {
      if (other.compareTo(tier) > 0 || tier == Tier.MOBILE) {
        names.add(tasks(other));
      }
    }
    written.keySet().retainAll(names);
    return written;
  }

  /** Topics that a tier's process reads or writes. */
  public List<String> usedBy(Tier tier) {
    Set<String> used = new LinkedHashSet<>(writtenBy(tier).keySet());
    used.add(tasks(tier));
    if (tier == Tier.MOBILE) {
      used.add(events());
    }
    return List.copyOf(used);
  }
}
