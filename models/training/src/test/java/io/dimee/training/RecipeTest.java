package io.dimee.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.calibration.data.DataException;
import io.dimee.calibration.data.GlueTask;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.onnx.Pooling;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static Recipe recipe(GlueTask... extra) {
    return new Recipe(
        GlueTask.MNLI,
        TrainingOptions.DEFAULT,
        1,
        List.of(extra),
        Optional.empty(),
        Backbone.NAMES.get(0),
        Pooling.BY_TEXT);
  }

  @Test
  void shouldRefuseExtraRowsWithOtherClasses() {
    assertThatThrownBy(() -> recipe(GlueTask.RTE))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("extra=RTE");
  }

  @Test
  void shouldHaveARecipeForEveryTaskOfTheBenchmark() {
    for (GlueTask task : GlueTask.benchmark()) {
      assertThat(Recipe.of(task).task()).isEqualTo(task);
    }
    assertThat(GlueTask.benchmark()).hasSize(7).doesNotContain(GlueTask.SNLI);
  }
}
