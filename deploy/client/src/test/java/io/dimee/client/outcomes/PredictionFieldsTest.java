package io.dimee.client.outcomes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.UnknownLabel;
import io.dimee.testing.SamplePredictions;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The fields are written in two forms, from one list. */
class PredictionFieldsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private static Prediction bare() {
    Prediction prediction = SamplePredictions.of(0, TIME);
    prediction.setGold(null);
    prediction.setPoolDistances(List.of());
    prediction.setHops(List.of());
    prediction.setAttributes(Map.of());
    return prediction;
  }

  private static JsonNode row(Prediction prediction) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      RecordField.Form form = new RecordField.Form(true, Instant::getEpochSecond);
      RecordField.write(PredictionFields.ALL, prediction, json, form);
    }
    return JSON.readTree(text.toString());
  }

  @Test
  void shouldWriteEveryFieldOfARowInTheOrderOfTheColumns() throws Exception {
    for (Prediction prediction : List.of(bare(), SamplePredictions.of(3, TIME))) {
      assertThat(row(prediction).fieldNames())
          .toIterable()
          .containsExactlyElementsOf(PredictionFields.ALL.stream().map(RecordField::name).toList());
    }
    assertThat(row(bare()).get("gold").isNull()).isTrue();
    assertThat(row(bare()).get("created_at").longValue()).isEqualTo(TIME.getEpochSecond());
  }

  @Test
  void shouldLeaveOutOfLinesWhatAPredictionLacks() throws Exception {
    assertThat(JSON.readTree(new PredictionJson().line(bare())).fieldNames())
        .toIterable()
        .doesNotContain("gold", "pool_distances", "hops", "attributes", "created_at")
        .contains("probabilities", "latency_ms");
  }

  @Test
  void shouldWriteNoLabelWhereTheAnswerIsWithheld() throws Exception {
    // Given
    Prediction withheld = SamplePredictions.of(3, TIME);
    withheld.setLabel(UnknownLabel.INDEX);
    withheld.setLabelName(UnknownLabel.NAME);

    // Then
    for (JsonNode written :
        List.of(row(withheld), JSON.readTree(new PredictionJson().line(withheld)))) {
      assertThat(written.get("label").isNull()).isTrue();
      assertThat(written.get("label_name").asText()).isEqualTo("unknown");
      assertThat(written.get("probabilities")).hasSize(2);
    }
  }

  @Test
  void shouldSayTheSameAsALineAndAsATree() {
    PredictionJson json = new PredictionJson();
    for (Prediction prediction : List.of(bare(), SamplePredictions.of(3, TIME))) {
      assertThat(json.node(prediction).toString()).isEqualTo(json.line(prediction));
    }
  }
}
