package io.dimee.deploy.guarantee;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.Cost;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.Hop;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.Tier;
import io.dimee.deploy.deadletters.DeadLetterBox;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.Topics;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each promise must be able to fail, and only it. */
class GuaranteeTest {
  private static final Topics TOPICS = new Topics("t.");

  @BeforeAll
  static void trustRecords() {
    // Avro's builders refuse classes that no format has named yet
    new SingleObjectFormats().of(Prediction.class);
  }

  private static Hop hop(Tier tier, int from, int to, double cost) {
    return Hop.newBuilder()
        .setTier(tier)
        .setFromDepth(from)
        .setToDepth(to)
        .setLayersRun(to - from)
        .setComputeCost(cost)
        .setOffloadCost(0)
        .build();
  }

  private static Prediction prediction(String id, double cost, Hop... hops) {
    Hop last = hops[hops.length - 1];
    return Prediction.newBuilder()
        .setId(id)
        .setLabel(0)
        .setLabelName("negative")
        .setProbabilities(List.of(1f))
        .setConfidence(1)
        .setTier(last.getTier())
        .setPool(Pool.EASY)
        .setExitDepth(last.getToDepth())
        .setLayersRun(List.of(hops).stream().mapToInt(Hop::getLayersRun).sum())
        .setCost(new Cost(cost, 0d, cost, 17d))
        .setBytesOffloaded(0)
        .setModelId("m")
        .setCreatedAt(Instant.EPOCH)
        .setPredictedAt(Instant.EPOCH)
        .setHops(List.of(hops))
        .setAttributes(Map.of())
        .build();
  }

  private static DeadLetterBox.Entry letter(String id, String topic, int partition, long offset) {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setEventId(id)
            .setStage(Stage.ROUTER)
            .setReason(Reason.BLANK_TEXT)
            .setMessage("blank")
            .setTopic(topic)
            .setPartition(partition)
            .setOffset(offset)
            .setPayloadSize(0)
            .setPayloadHead(ByteBuffer.allocate(0))
            .setFailedAt(Instant.EPOCH)
            .build();
    return new DeadLetterBox.Entry(0, 0, id, letter, DeadLetterBox.Standing.OPEN, List.of());
  }

  private static Observed observed(
      List<String> events, List<Prediction> predictions, List<DeadLetterBox.Entry> letters) {
    return new Observed(
        TOPICS,
        events.stream().map(id -> new Observed.Event(id, 0)).toList(),
        predictions.stream().map(prediction -> new Observed.Answer(prediction, 0)).toList(),
        letters);
  }

  private static void assertBroken(Guarantee guarantee, String by, Observed observed) {
    assertThat(guarantee.violations(observed)).singleElement().asString().contains(by);
    assertThat(Guarantee.allViolations(observed)).allMatch(v -> v.startsWith(guarantee.name()));
  }

  @Test
  void shouldFindNothingWrongWithWhatIsRight() {
    Observed right =
        observed(
            List.of("a", "b", "c"),
            List.of(
                prediction("a", 3, hop(Tier.MOBILE, 0, 3, 3)),
                prediction("b", 6.5, hop(Tier.MOBILE, 0, 3, 3), hop(Tier.EDGE, 3, 6, 3.5))),
            List.of(letter("c", TOPICS.events(), 0, 2)));
    assertThat(Guarantee.allViolations(right)).isEmpty();
  }

  @Test
  void shouldFindAnEventWithoutOutcomeAndOneWithTwo() {
    Prediction once = prediction("a", 3, hop(Tier.MOBILE, 0, 3, 3));
    assertBroken(
        Guarantee.ONE_OUTCOME_AN_EVENT,
        "event b has 0 outcomes",
        observed(List.of("a", "b"), List.of(once), List.of()));
    assertBroken(
        Guarantee.ONE_OUTCOME_AN_EVENT,
        "event a has 2 outcomes",
        observed(List.of("a"), List.of(once), List.of(letter("a", TOPICS.events(), 0, 0))));
  }

  @Test
  void shouldNotCountADeadLetterThatWasReplayed() {
    Prediction once = prediction("a", 3, hop(Tier.MOBILE, 0, 3, 3));
    DeadLetterBox.Entry open = letter("a", TOPICS.events(), 0, 0);
    DeadLetterBox.Entry replayed =
        new DeadLetterBox.Entry(
            0, 0, "a", open.letter(), DeadLetterBox.Standing.REPLAYED, List.of());
    assertThat(Guarantee.allViolations(observed(List.of("a"), List.of(once), List.of(replayed))))
        .isEmpty();
    assertBroken(
        Guarantee.ONE_OUTCOME_AN_EVENT,
        "event a has 0 outcomes",
        observed(List.of("a"), List.of(), List.of(replayed)));
  }

  @Test
  void shouldFindAnOutcomeThatNobodyAskedFor() {
    assertBroken(
        Guarantee.NO_OUTCOME_WITHOUT_EVENT,
        "a",
        observed(List.of(), List.of(prediction("a", 3, hop(Tier.MOBILE, 0, 3, 3))), List.of()));
  }

  @Test
  void shouldFindACostThatIsNotTheHops() {
    assertBroken(
        Guarantee.COST_IS_THE_SUM_OF_HOPS,
        "a cost 4.0",
        observed(List.of("a"), List.of(prediction("a", 4, hop(Tier.MOBILE, 0, 3, 3))), List.of()));
  }

  @Test
  void shouldFindLayersThatWereRunTwiceUnlessTheHopSaysSo() {
    Hop first = hop(Tier.MOBILE, 0, 3, 3);
    Hop again = hop(Tier.EDGE, 0, 6, 6);
    assertBroken(
        Guarantee.NO_LAYER_TWICE,
        "after depth 3",
        observed(List.of("a"), List.of(prediction("a", 9, first, again)), List.of()));
    Hop restarted = Hop.newBuilder(again).setRestarted(true).build();
    assertThat(
            Guarantee.allViolations(
                observed(List.of("a"), List.of(prediction("a", 9, first, restarted)), List.of())))
        .isEmpty();
  }

  @Test
  void shouldFindAnEventThatWasOvertakenOnItsWay() {
    Prediction first = prediction("a", 3, hop(Tier.MOBILE, 0, 3, 3));
    Prediction second = prediction("b", 3, hop(Tier.MOBILE, 0, 3, 3));
    Prediction deeper = prediction("a", 6, hop(Tier.MOBILE, 0, 3, 3), hop(Tier.EDGE, 3, 6, 3));
    List<String> events = List.of("a", "b");
    assertBroken(
        Guarantee.ORDER_IS_KEPT_ALONG_A_WAY,
        "a was answered after b",
        observed(events, List.of(second, first), List.of()));
    assertThat(Guarantee.allViolations(observed(events, List.of(second, deeper), List.of())))
        .isEmpty();
    Observed elsewhere =
        new Observed(
            TOPICS,
            List.of(new Observed.Event("a", 0), new Observed.Event("b", 1)),
            List.of(new Observed.Answer(second, 0), new Observed.Answer(first, 0)),
            List.of());
    assertThat(Guarantee.allViolations(elsewhere)).isEmpty();
  }

  @Test
  void shouldFindADeadLetterWithoutOrigin() {
    assertBroken(
        Guarantee.DEAD_LETTERS_NAME_THEIR_ORIGIN,
        "elsewhere-0@1",
        observed(List.of("a"), List.of(), List.of(letter("a", "elsewhere", 0, 1))));
    assertBroken(
        Guarantee.DEAD_LETTERS_NAME_THEIR_ORIGIN,
        "-1@7",
        observed(List.of("a"), List.of(), List.of(letter("a", TOPICS.events(), -1, 7))));
  }
}
