package io.dimee.node.beginning;

import io.dimee.avro.Stage;
import io.dimee.inference.bundle.Tier;
import io.dimee.serdes.EnumNames;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.ledger.LedgerTopology;
import java.util.List;
import java.util.Optional;

/**
 * A part of the pipeline as a consumer group, and by what it is known that it has worked.
 *
 * @param name for people
 * @param group its consumer group
 * @param topic that it reads
 * @param own topics that it writes for itself to read
 * @param beside topics that it reads to know what has become of the records of the first
 * @param written topics that have records only if it has worked
 * @param stage of the outcomes that are its own, in topics that others write too; empty for none
 */
public record Part(
    String name,
    String group,
    String topic,
    List<String> own,
    List<String> beside,
    List<String> written,
    Optional<Stage> stage) {

  /** All that is in the topics of tasks has passed it, and so have all predictions. */
  public static Part router(Topics topics) {
    return new Part(
        "router",
        topics.router(),
        topics.events(),
        List.of(),
        List.of(),
        List.of(topics.easy(), topics.medium(), topics.hard(), topics.predictions()),
        Optional.of(Stage.ROUTER));
  }

  /** A tier's workers. */
  public static Part of(Topics topics, Tier tier) {
    return new Part(
        EnumNames.lower(tier),
        topics.group(tier),
        topics.tasks(tier),
        List.of(),
        List.of(),
        List.of(),
        Optional.of(Stage.valueOf(tier.name())));
  }

  /** The ledger. */
  public static Part ledger(Topics topics) {
    return new Part(
        "ledger",
        topics.ledgerGroup(),
        topics.predictions(),
        List.of(LedgerTopology.entries(topics)),
        List.of(),
        List.of(topics.ledger()),
        Optional.empty());
  }

  /**
   * The ledger's other half, which looks for events without an outcome. Nothing shows what it has
   * read, and nothing need: what it knows is no sum, and is dropped and found again.
   */
  public static Part unanswered(Topics topics) {
    return new Part(
        "unanswered",
        topics.unansweredGroup(),
        topics.events(),
        List.of(),
        List.of(topics.predictions(), topics.deadLetters()),
        List.of(),
        Optional.empty());
  }

  /** The tier that it is, as predictions name it; empty for other parts. */
  Optional<io.dimee.avro.Tier> tier() {
    return stage
        .filter(any -> any != Stage.ROUTER)
        .map(any -> io.dimee.avro.Tier.valueOf(any.name()));
  }
}
