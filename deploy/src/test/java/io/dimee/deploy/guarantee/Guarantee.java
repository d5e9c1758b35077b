package io.dimee.deploy.guarantee;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Hop;
import io.dimee.avro.Prediction;
import io.dimee.client.deadletters.DeadLetterBox;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One promise of the pipeline. */
public enum Guarantee {
  /**
   * Every event has exactly one outcome, a prediction or a dead letter; a dead letter that was
   * replayed is none any more.
   */
  ONE_OUTCOME_AN_EVENT(Guarantee::outcomesBesideOne),

  /** No outcome is of an event that nobody sent. */
  NO_OUTCOME_WITHOUT_EVENT(Guarantee::outcomesWithoutEvent),

  /** What a prediction cost is the sum of its hops. */
  COST_IS_THE_SUM_OF_HOPS(each(Guarantee::wrongCost)),

  /** Depth grows along hops, and no layer is run twice unless the hop says that it restarted. */
  NO_LAYER_TWICE(each(Guarantee::wrongDepth)),

  /**
   * Events of one partition that go the same way through the tiers are answered in their order; one
   * that is escalated is overtaken by those that are not.
   */
  ORDER_IS_KEPT_ALONG_A_WAY(Guarantee::overtakings),

  /** A dead letter says which record of which topic it is about. */
  DEAD_LETTERS_NAME_THEIR_ORIGIN(Guarantee::lettersWithoutOrigin);

  private static final double TOLERANCE = 1e-9;

  @SuppressWarnings("ImmutableEnumChecker") // no function holds state
  private final Function<Observed, List<String>> violations;

  Guarantee(Function<Observed, List<String>> violations) {
    this.violations = violations;
  }

  /** What breaks the promise, a line each; empty when it holds. */
  public List<String> violations(Observed observed) {
    return violations.apply(observed);
  }

  /** What breaks any promise, each line with the promise's name. */
  public static List<String> allViolations(Observed observed) {
    return Stream.of(values())
        .flatMap(g -> g.violations(observed).stream().map(violation -> g + ": " + violation))
        .toList();
  }

  private static List<String> outcomeIds(Observed observed) {
    return Stream.concat(
            observed.predictions().stream().map(Prediction::getId),
            observed.letters().stream()
                .filter(letter -> !letter.isReplayed())
                .map(DeadLetterBox.Entry::eventId)
                .filter(Objects::nonNull))
        .toList();
  }

  private static List<String> outcomesBesideOne(Observed observed) {
    Map<String, Long> outcomes =
        outcomeIds(observed).stream()
            .collect(
                Collectors.groupingBy(Function.identity(), HashMap::new, Collectors.counting()));
    return observed.eventIds().stream()
        .distinct()
        .filter(id -> outcomes.getOrDefault(id, 0L) != 1)
        .map(id -> "event %s has %d outcomes".formatted(id, outcomes.getOrDefault(id, 0L)))
        .toList();
  }

  private static List<String> outcomesWithoutEvent(Observed observed) {
    Set<String> sent = new HashSet<>(observed.eventIds());
    return outcomeIds(observed).stream()
        .filter(id -> !sent.contains(id))
        .map(id -> "nobody sent the event " + id)
        .toList();
  }

  private static Function<Observed, List<String>> each(Function<Prediction, String> violation) {
    return observed ->
        observed.predictions().stream().map(violation).filter(Objects::nonNull).toList();
  }

  private static String wrongCost(Prediction prediction) {
    double hops =
        prediction.getHops().stream()
            .mapToDouble(h -> h.getComputeCost() + h.getOffloadCost())
            .sum();
    double total = prediction.getCost().getTotal();
    return Math.abs(hops - total) <= TOLERANCE
        ? null
        : "%s cost %s, its hops %s".formatted(prediction.getId(), total, hops);
  }

  private static String wrongDepth(Prediction prediction) {
    int depth = 0;
    int layers = 0;
    for (Hop hop : prediction.getHops()) {
      boolean begins = hop.getFromDepth() == (hop.getRestarted() ? 0 : depth);
      boolean grows = hop.getToDepth() == hop.getFromDepth() + hop.getLayersRun();
      boolean isRouter = hop.equals(prediction.getHops().get(0)) && hop.getToDepth() == 0;
      if (!begins || !grows || (hop.getLayersRun() < 1 && !isRouter)) {
        return "%s has a hop from depth %d to %d over %d layers, restarted: %s, after depth %d"
            .formatted(
                prediction.getId(),
                hop.getFromDepth(),
                hop.getToDepth(),
                hop.getLayersRun(),
                hop.getRestarted(),
                depth);
      }
      depth = hop.getToDepth();
      layers += hop.getLayersRun();
    }
    return depth == prediction.getExitDepth() && layers == prediction.getLayersRun()
        ? null
        : "%s was answered at depth %d after %d layers; its hops end at %d after %d"
            .formatted(
                prediction.getId(),
                prediction.getExitDepth(),
                prediction.getLayersRun(),
                depth,
                layers);
  }

  private static List<String> overtakings(Observed observed) {
    Set<String> replayed =
        observed.letters().stream()
            .filter(DeadLetterBox.Entry::isReplayed)
            .map(DeadLetterBox.Entry::eventId)
            .collect(Collectors.toSet());
    Map<String, Integer> places = new HashMap<>();
    Map<String, Integer> partitions = new HashMap<>();
    for (Observed.Event event : observed.events()) {
      places.put(event.id(), places.size());
      partitions.put(event.id(), event.partition());
    }
    Map<List<Object>, String> latest = new HashMap<>();
    List<String> violations = new ArrayList<>();
    for (Observed.Answer answer : observed.answers()) {
      String id = answer.prediction().getId();
      if (!places.containsKey(id) || replayed.contains(id)) {
        continue;
      }
      List<io.dimee.avro.Tier> way =
          answer.prediction().getHops().stream().map(Hop::getTier).toList();
      String before = latest.put(List.of(partitions.get(id), answer.partition(), way), id);
      if (before != null && places.get(before) > places.get(id)) {
        violations.add("%s was answered after %s on the way %s".formatted(id, before, way));
      }
    }
    return violations;
  }

  private static List<String> lettersWithoutOrigin(Observed observed) {
    Set<String> readable =
        Set.of(
            observed.topics().events(),
            observed.topics().tasks(io.dimee.inference.bundle.Tier.MOBILE),
            observed.topics().tasks(io.dimee.inference.bundle.Tier.EDGE),
            observed.topics().tasks(io.dimee.inference.bundle.Tier.CLOUD));
    List<String> violations = new ArrayList<>();
    for (DeadLetterBox.Entry found : observed.letters()) {
      DeadLetter letter = found.letter();
      boolean written = letter.getPartition() >= 0 && letter.getOffset() >= 0;
      boolean never = letter.getPartition() == -1 && letter.getOffset() == -1;
      if (!readable.contains(letter.getTopic()) || !(written || never)) {
        violations.add(
            "a dead letter of event %s names %s-%d@%d"
                .formatted(
                    found.eventId(), letter.getTopic(), letter.getPartition(), letter.getOffset()));
      }
    }
    return violations;
  }
}
