package io.dimee.inference.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.exits.BatchPlanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit readings, pools, batches and safetensors. */
class SmallPiecesTest {
  @TempDir Path directory;

  @Test
  void shouldReadAnExitThroughItsTemperature() {
    ExitReading cold = ExitReading.of(3, new float[] {0, 2}, 1);
    ExitReading warm = ExitReading.of(3, new float[] {0, 2}, 2);

    assertThat((double) cold.confidence()).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-6));
    assertThat((double) warm.confidence()).isCloseTo(1 / (1 + Math.exp(-1)), within(1e-6));
    assertThat(warm.label()).isEqualTo(1);
  }

  @Test
  void shouldStayFiniteOnHugeLogitsAndTakeTheFirstOfEquals() {
    ExitReading huge = ExitReading.of(3, new float[] {1e30f, -1e30f}, 0.5);
    ExitReading equal = ExitReading.of(3, new float[] {1, 1, 1}, 1);

    assertThat(huge.probabilities()).containsExactly(1, 0);
    assertThat(equal.label()).isZero();
    assertThat(equal.probabilities()[2]).isCloseTo(1 / 3f, within(1e-6f));
  }

  @Test
  void shouldAskOfEachClassItsOwnConfidence() {
    // Given
    ExitReading no = ExitReading.of(3, new float[] {2, 0}, 1);
    ExitReading yes = ExitReading.of(3, new float[] {0, 2}, 1);
    Exit each = new Exit(3, 1, List.of(0.8, 0.95));
    Exit all = new Exit(3, 1, 0.8);

    // Then
    assertThat(each.answers(no)).isTrue();
    assertThat(each.answers(yes)).isFalse();
    assertThat(all.answers(yes)).isTrue();
    assertThat(new Exit(3, 1, List.of(1.0, 0.8)).answers(no)).isFalse();
  }

  @Test
  void shouldFindTheNearestPool() {
    // Given
    Pools pools =
        new Pools(
            Map.of(
                Pool.EASY, new float[] {0, 0},
                Pool.MEDIUM, new float[] {4, 0},
                Pool.HARD, new float[] {0, 4}));

    // Then
    assertThat(pools.nearest(new float[] {3, 1})).isEqualTo(Pool.MEDIUM);
    assertThat(pools.nearest(new float[] {1, 3})).isEqualTo(Pool.HARD);
    assertThat(pools.nearest(new float[] {2, 0})).isEqualTo(Pool.EASY);
    assertThat(pools.squaredDistance(Pool.HARD, new float[] {0, 1})).isEqualTo(9);
  }

  @Test
  void shouldRefusePoolsThatLackOne() {
    assertThatThrownBy(() -> new Pools(Map.of(Pool.EASY, new float[2])))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("MEDIUM");
  }

  @Property(tries = 200)
  void shouldPlanEveryWorkOnceWithinTheBudget(
      @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 512) Integer> lengths) {
    // When
    List<List<Integer>> batches = new BatchPlanner(256, 8).plan(lengths, length -> length);

    // Then
    assertThat(batches.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(lengths);
    for (List<Integer> batch : batches) {
      int longest = batch.stream().mapToInt(Integer::intValue).max().orElseThrow();
      assertThat(batch.size() == 1 || batch.size() * longest <= 256).isTrue();
    }
  }

  @Test
  void shouldRunUnlikeLengthsApartAndLikeOnesTogether() {
    // a run costs as much as 8 tokens: 17 + 15 is better padded to 34, 50 + 30 better apart
    assertThat(new BatchPlanner(256, 8).plan(List.of(15, 50, 17, 30), length -> length))
        .containsExactly(List.of(50), List.of(30), List.of(17, 15));
  }

  @Property(tries = 200)
  void shouldCutAsWellAsTheBestOfAllCuts(
      @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 100) Integer> lengths) {
    // Given every way to cut the sorted lengths: a bit for each gap
    List<Integer> sorted = lengths.stream().sorted(Comparator.reverseOrder()).toList();
    long least = Long.MAX_VALUE;
    for (int cuts = 0; cuts < 1 << Math.max(0, sorted.size() - 1); cuts++) {
      List<List<Integer>> batches = new ArrayList<>();
      int start = 0;
      for (int end = 1; end <= sorted.size(); end++) {
        if (end == sorted.size() || (cuts >> (end - 1) & 1) == 1) {
          batches.add(sorted.subList(start, end));
          start = end;
        }
      }
      if (batches.stream().allMatch(b -> b.size() == 1 || b.size() * b.get(0) <= 256)) {
        least = Math.min(least, cost(batches));
      }
    }

    // When
    List<List<Integer>> planned = new BatchPlanner(256, 8).plan(lengths, length -> length);

    // Then
    assertThat(cost(planned)).isEqualTo(least);
  }

  private static long cost(List<List<Integer>> batches) {
    return batches.stream()
        .mapToLong(b -> 8 + b.size() * (long) b.stream().mapToInt(l -> l).max().orElseThrow())
        .sum();
  }

  @Test
  void shouldReadTheTensorsThatWereWritten() throws IOException {
    // Given
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a", Tensor.of(new float[] {1, -2.5f, 3e-3f, 255}, 2, 2));
    tensors.put("b", Tensor.of(new float[0], 0));
    Path file = directory.resolve("t.safetensors");

    // When each is stored in its own way
    for (SafeTensors.Precision precision :
        List.of(SafeTensors.Precision.F32, SafeTensors.Precision.F16)) {
      SafeTensors.write(file, tensors, precision);
      Map<String, Tensor> read = SafeTensors.read(file);

      // Then
      assertThat(read.keySet()).containsExactly("a", "b");
      assertThat(read.get("a").shape()).containsExactly(2, 2);
      assertThat(read.get("a").toArray())
          .usingComparatorWithPrecision(2e-6f)
          .containsExactly(1, -2.5f, 3e-3f, 255);
    }
    SafeTensors.write(
        file, Map.of("c", Tensor.of(new float[] {0, 127, 255}, 3)), SafeTensors.Precision.U8);
    assertThat(SafeTensors.read(file).get("c").toArray()).containsExactly(0, 127, 255);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,9],\"data_offsets\":[0,4]}}",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[4,0]}}",
        "[]",
        "not json at all"
      })
  void shouldRefuseHostileHeaders(String header) {
    // Given a file with room for one value
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).putFloat(1).flip();

    // Then
    assertThatThrownBy(() -> SafeTensors.parse("file", bytes))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("file is not a safetensors file");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1L << 40, Long.MAX_VALUE})
  void shouldRefuseHostileHeaderLengths(long length) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, length);
    assertThatThrownBy(() -> SafeTensors.parse("file", bytes))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("bad header length");
  }
}
