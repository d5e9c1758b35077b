package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecipeTest {
  @Test
  void shouldTrainFewRowsAndManyClassesForMoreEpochs() {
    assertThat(Recipe.of(10_000, 4, false).options())
        .satisfies(
            options -> {
              assertThat(options.epochs()).isEqualTo(3);
              assertThat(options.heldOut()).isEqualTo(2_000);
            });
    assertThat(Recipe.of(10_000, 77, false).options().epochs()).isEqualTo(7);
    assertThat(Recipe.of(300, 3, false).options().epochs()).isEqualTo(10);
    assertThat(Recipe.of(1_000_000, 2, false).options().epochs()).isEqualTo(2);
    assertThat(Recipe.of(30, 3, false).options().heldOut()).isEqualTo(10);
  }

  @Test
  void shouldRefuseExtraRowsWithOtherClasses() {
    assertThatThrownBy(
            () ->
                new GlueRecipe(
                    GlueTask.MNLI, Recipe.of(9, 3, true), List.of(GlueTask.RTE), Optional.empty()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("extra=RTE");
  }

  @Test
  void shouldHaveARecipeForEveryTaskOfTheBenchmark() {
    for (GlueTask task : GlueTask.benchmark()) {
      assertThat(GlueRecipe.of(task).task()).isEqualTo(task);
    }
    assertThat(GlueTask.benchmark()).hasSize(7).doesNotContain(GlueTask.SNLI);
  }
}
