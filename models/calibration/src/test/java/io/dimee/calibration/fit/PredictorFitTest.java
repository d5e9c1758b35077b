package io.dimee.calibration.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Exit;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.bundle.TierPredictor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictorFitTest {
  private static final TierDepths TIERS = new TierDepths(1, 2, 3);

  @Test
  void shouldLearnWhatTellsTheTiersApart() {
    // Given rows that the mobile tier answers when the first feature is positive, and of the others
    // the edge those that the mobile exit nearly answered
    int rows = 2_000;
    Random random = new Random(3);
    float[][][] logits = new float[3][rows][2];
    float[][] embeddings = new float[rows][2];
    for (int row = 0; row < rows; row++) {
      embeddings[row][0] = (float) random.nextGaussian();
      embeddings[row][1] = (float) random.nextGaussian();
      double nearly = random.nextDouble();
      logits[0][row][1] = embeddings[row][0] > 0 ? 9 : (float) nearly;
      logits[1][row][1] = nearly > 0.5 ? 9 : 0;
      logits[2][row][1] = 9;
    }
    int[] tokens = new int[rows];
    Arrays.fill(tokens, 10);
    ExitOutputs outputs = new ExitOutputs(logits, embeddings, new int[rows], tokens);
    List<Exit> exits = List.of(new Exit(1, 1, 0.9), new Exit(2, 1, 0.9), new Exit(3, 1, 0));

    // When
    TierPredictor predictor = PredictorFit.fit(outputs, exits, TIERS);

    // Then
    // the embedding's weights are held back, so that noise in 384 of them adds up to little
    double likely = predictor.before(new float[] {2, 0}, 10).mobile();
    double unlikely = predictor.before(new float[] {-2, 0}, 10).mobile();
    assertThat(likely).isBetween(0.55, 0.8);
    assertThat(unlikely).isBetween(0.2, 0.45);
    assertThat(predictor.before(new float[] {0, 2}, 10).mobile()).isBetween(0.47, 0.53);
    assertThat(predictor.afterMobile(0.9, 10).edge()).isGreaterThan(0.8);
    assertThat(predictor.afterMobile(0.1, 10).edge()).isLessThan(0.2);
  }
}
