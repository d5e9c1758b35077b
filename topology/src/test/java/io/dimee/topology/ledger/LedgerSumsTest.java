package io.dimee.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.UnknownLabel;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerSumsTest {
  @Test
  void shouldPutAPredictionIntoItsMinute() {
    Prediction prediction =
        Prediction.newBuilder(Predictions.edge("e")).setConfidence(0.93f).build();

    LedgerEntry entry = LedgerSums.of(prediction, Predictions.NOON.plusMillis(59_999));

    assertThat(entry.getWindowStart()).isEqualTo(Predictions.NOON);
    assertThat(entry.getWindowEnd()).isEqualTo(Predictions.NOON.plusSeconds(60));
    assertThat(entry.getCost()).isEqualTo(8);
    assertThat(entry.getCloudOnlyCost()).isEqualTo(17);
    assertThat(entry.getConfidences()).hasSize(20);
    assertThat(entry.getConfidences().get(18)).isEqualTo(1);
    assertThat(entry.getExits()).hasSize(1);
    assertThat(entry.getExits().get(0).getRight()).isEqualTo(1);
  }

  @Test
  void shouldCountNoLabelWhereThereIsNone() {
    Prediction prediction = Prediction.newBuilder(Predictions.edge("e")).setGold(null).build();

    LedgerEntry entry = LedgerSums.of(prediction, Predictions.NOON);

    assertThat(entry.getExits().get(0).getLabelled()).isZero();
    assertThat(entry.getExits().get(0).getRight()).isZero();
  }

  @Test
  void shouldCountNoLabelWhereTheAnswerIsWithheld() {
    Prediction prediction =
        Prediction.newBuilder(Predictions.edge("e")).setLabel(UnknownLabel.INDEX).build();

    LedgerEntry entry = LedgerSums.of(prediction, Predictions.NOON);

    assertThat(entry.getExits().get(0).getLabelled()).isZero();
  }

  @Property(tries = 200)
  void shouldAddUpInAnyOrder(
      @ForAll @Size(min = 2, max = 12) List<@IntRange(min = 1, max = 12) Integer> depths,
      @ForAll @IntRange(min = 1, max = 11) int cut) {
    List<LedgerEntry> entries =
        depths.stream()
            .map(
                depth ->
                    LedgerSums.of(
                        Prediction.newBuilder(Predictions.edge("e"))
                            .setExitDepth(depth)
                            .setConfidence(depth / 12f)
                            .setGold(depth % 3 == 0 ? null : Integer.valueOf(depth % 2))
                            .build(),
                        Predictions.NOON))
            .toList();
    int middle = Math.min(cut, entries.size() - 1);

    LedgerEntry atOnce = sum(entries);
    LedgerEntry inParts =
        LedgerSums.plus(
            sum(entries.subList(middle, entries.size())), sum(entries.subList(0, middle)));

    assertThat(inParts).isEqualTo(atOnce);
  }

  private static LedgerEntry sum(List<LedgerEntry> entries) {
    return entries.stream().reduce(null, LedgerSums::plus);
  }
}
