package io.dimee.calibration.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StratifiedSplitTest {
  private static Set<String> texts(List<Example> rows) {
    return rows.stream().map(e -> e.text().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  @Property
  void shouldNeverHaveATextOnBothSidesAndEveryClassOnEach(
      @ForAll @Size(min = 12, max = 60) List<@IntRange(max = 11) Integer> drawn,
      @ForAll @IntRange(min = 1, max = 12) int size,
      @ForAll long seed) {
    // Given rows of three classes with four texts each, in many spellings
    List<Example> rows = new ArrayList<>();
    for (int text = 0; text < 12; text++) {
      rows.add(new Example("Text" + text, null, text % 3, rows.size()));
    }
    for (int text : drawn) {
      rows.add(new Example("TEXT" + text, null, text % 3, rows.size()));
    }

    // When
    StratifiedSplit parts = StratifiedSplit.of(rows, size, seed);

    // Then
    assertThat(texts(parts.kept())).doesNotContainAnyElementsOf(texts(parts.taken()));
    assertThat(parts.kept()).extracting(Example::label).contains(0, 1, 2);
    assertThat(parts.taken()).extracting(Example::label).contains(0, 1, 2);
    assertThat(parts.kept().size() + parts.taken().size()).isEqualTo(rows.size());
    assertThat(StratifiedSplit.of(rows, size, seed)).isEqualTo(parts);
  }
}
