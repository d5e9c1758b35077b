package io.dimee.calibration.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.calibration.data.Example;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FoldsTest {
  @Property(tries = 100)
  void shouldPutEachRowIntoOneFoldNextToItsTwins(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 30) Integer> texts,
      @ForAll @IntRange(min = 2, max = 6) int count) {
    // Given
    List<Example> rows =
        texts.stream().map(text -> new Example("Text " + text, null, text % 3, 0)).toList();

    // When
    Folds folds = Folds.of(rows, count, 7);

    // Then
    List<Integer> all = new ArrayList<>();
    Map<Integer, Integer> foldOf = new HashMap<>();
    for (int part = 0; part < count; part++) {
      int[] in = folds.in(part);
      assertThat(in.length + folds.outside(part).length).isEqualTo(rows.size());
      for (int row : in) {
        all.add(row);
        assertThat(foldOf.computeIfAbsent(texts.get(row), text -> folds.parts()[row]))
            .isEqualTo(part);
      }
    }
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, rows.size()).boxed().toList());
    assertThat(Folds.of(rows, count, 7).parts()).isEqualTo(folds.parts());
  }

  @Test
  void shouldSpreadEachClassOverTheFolds() {
    // Given
    List<Example> rows =
        IntStream.range(0, 100).mapToObj(i -> new Example("text " + i, null, i % 10, i)).toList();

    // When
    Folds folds = Folds.of(rows, 5, 7);

    // Then
    for (int part = 0; part < 5; part++) {
      Map<Integer, Long> classes = new HashMap<>();
      for (int row : folds.in(part)) {
        classes.merge(rows.get(row).label(), 1L, Long::sum);
      }
      assertThat(classes).hasSize(10).allSatisfy((label, size) -> assertThat(size).isEqualTo(2));
    }
  }
}
