package io.dimee.topology.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StabilityIndexTest {
  @Test
  void shouldBeNothingForTheSameShares() {
    StabilityIndex index =
        StabilityIndex.of(List.of(500L, 300L, 200L), List.of(0.5, 0.3, 0.2), 1_000);

    assertThat(index.value()).isZero();
  }

  @Test
  void shouldBeTheSumOfItsDefinition() {
    long[] seen = {20_000, 80_000};

    StabilityIndex index = StabilityIndex.of(List.of(seen[0], seen[1]), List.of(0.5, 0.5), 100_000);

    double byHand = (0.2 - 0.5) * Math.log(0.2 / 0.5) + (0.8 - 0.5) * Math.log(0.8 / 0.5);
    assertThat(index.value()).isCloseTo(byHand, within(1e-4));
  }

  @Test
  void shouldBeFiniteWhereABinIsEmpty() {
    StabilityIndex index = StabilityIndex.of(List.of(0L, 100L), List.of(1.0, 0.0), 100);

    assertThat(index.value()).isFinite().isGreaterThan(1);
  }

  @Test
  void shouldTakeNeighboursTogetherThatHaveHardlyAnything() {
    StabilityIndex index =
        StabilityIndex.ofOrdered(
            List.of(1L, 0L, 500L, 499L, 0L), List.of(0.0, 0.001, 0.499, 0.499, 0.001), 1_000);

    assertThat(index.value()).isLessThan(0.001);
  }

  /** The bound of chance is one of one in a thousand, whatever the sample's size. */
  @Test
  void shouldBeBelowItsNoiseForSamplesOfTheSamePopulation() {
    Random random = new Random(5);
    List<Double> population = List.of(0.05, 0.35, 0.03, 0.25, 0.2, 0.12);
    int above = 0;
    int tries = 2_000;
    for (int i = 0; i < tries; i++) {
      int size = 100 + random.nextInt(900);
      List<Long> reference = sample(population, 1_000, random);
      StabilityIndex index =
          StabilityIndex.of(
              sample(population, size, random),
              reference.stream().map(count -> count / 1_000.0).toList(),
              1_000);
      above += index.value() > index.noise() ? 1 : 0;
    }

    assertThat(above).isLessThanOrEqualTo(tries / 200);
  }

  private static List<Long> sample(List<Double> shares, int size, Random random) {
    List<Long> counts = new ArrayList<>(Collections.nCopies(shares.size(), 0L));
    for (int i = 0; i < size; i++) {
      double at = random.nextDouble();
      int bin = 0;
      while (bin < shares.size() - 1 && at >= shares.get(bin)) {
        at -= shares.get(bin++);
      }
      counts.set(bin, counts.get(bin) + 1);
    }
    return counts;
  }
}
