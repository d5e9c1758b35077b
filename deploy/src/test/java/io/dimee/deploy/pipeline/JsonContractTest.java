package io.dimee.deploy.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.Cost;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.Tier;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.client.outcomes.SummaryBuilder;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Field names that scripts rely on. A field may be added here; none may go or change its name. */
class JsonContractTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.000Z");

  private static Prediction prediction(Integer gold) {
    Hop hop =
        Hop.newBuilder()
            .setTier(Tier.EDGE)
            .setFromDepth(0)
            .setToDepth(6)
            .setLayersRun(6)
            .setRestarted(false)
            .setExits(
                List.of(
                    ExitReading.newBuilder().setDepth(6).setLabel(1).setConfidence(0.75f).build()))
            .setComputeMs(1.5)
            .setBatchSize(2)
            .setBytesIn(0)
            .setComputeCost(6)
            .setOffloadCost(3)
            .build();
    return Prediction.newBuilder()
        .setId("a")
        .setLabel(1)
        .setLabelName("positive")
        .setProbabilities(List.of(0.25f, 0.75f))
        .setConfidence(0.75f)
        .setTier(Tier.EDGE)
        .setPool(Pool.MEDIUM)
        .setPolicy("dimee")
        .setExitDepth(6)
        .setLayersRun(6)
        .setCost(Cost.newBuilder().setCompute(6).setOffload(3).setTotal(9).setCloudOnly(17).build())
        .setBytesOffloaded(0)
        .setTruncated(false)
        .setModelId("m@1")
        .setCreatedAt(CREATED)
        .setPredictedAt(CREATED.plusMillis(12))
        .setGold(gold)
        .setHops(List.of(hop))
        .setAttributes(gold == null ? Map.of() : Map.of("k", "v"))
        .build();
  }

  private static DeadLetter letter(Reason reason) {
    return DeadLetter.newBuilder()
        .setEventId("b")
        .setStage(Stage.ROUTER)
        .setReason(reason)
        .setMessage("why")
        .setTopic("t")
        .setPartition(0)
        .setOffset(0)
        .setPayloadSize(0)
        .setPayloadHead(ByteBuffer.allocate(0))
        .setFailedAt(CREATED)
        .build();
  }

  @Test
  void shouldNameTheFieldsOfAPrediction() throws Exception {
    // When
    JsonNode node = JSON.readTree(new PredictionJson().line(prediction(1)));

    // Then
    assertThat(node.fieldNames())
        .toIterable()
        .containsExactly(
            "id",
            "label",
            "label_name",
            "probabilities",
            "confidence",
            "tier",
            "pool",
            "policy",
            "exit_depth",
            "layers_run",
            "cost",
            "bytes_offloaded",
            "truncated",
            "spilled",
            "model_id",
            "latency_ms",
            "gold",
            "hops",
            "attributes");
    assertThat(node.get("cost"))
        .isEqualTo(
            JSON.readTree("{\"compute\":6.0,\"offload\":3.0,\"total\":9.0,\"cloud_only\":17.0}"));
    assertThat(node.get("tier").asText()).isEqualTo("edge");
    assertThat(node.get("pool").asText()).isEqualTo("medium");
    assertThat(node.get("latency_ms").asInt()).isEqualTo(12);
    assertThat(node.get("hops").get(0))
        .isEqualTo(
            JSON.readTree(
                "{\"tier\":\"edge\",\"from_depth\":0,\"to_depth\":6,\"layers_run\":6,\"restarted\":false,"
                    + "\"exits\":[{\"depth\":6,\"label\":1,\"confidence\":0.75}],\"compute_ms\":1.5,"
                    + "\"batch_size\":2,\"bytes_in\":0,\"compute_cost\":6.0,\"offload_cost\":3.0}"));
  }

  @Test
  void shouldLeaveOutWhatAPredictionDoesNotHave() throws Exception {
    assertThat(JSON.readTree(new PredictionJson().line(prediction(null))).fieldNames())
        .toIterable()
        .doesNotContain("gold", "attributes")
        .contains("id", "hops");
  }

  @Test
  void shouldNameTheFieldsOfASummary() throws Exception {
    // Given
    SummaryBuilder sums = new SummaryBuilder();
    sums.add(prediction(1));
    sums.add(prediction(0));
    sums.add(letter(Reason.INVALID_EVENT));
    sums.add(letter(Reason.BLANK_TEXT));
    sums.add(letter(Reason.INVALID_EVENT));

    // When
    JsonNode node = JSON.readTree(JSON.writeValueAsString(sums.build(5, 2)));

    // Then
    assertThat(node)
        .isEqualTo(
            JSON.readTree(
                "{\"events\":5,\"answered\":2,\"dead_letters\":3,"
                    + "\"dead_letter_reasons\":{\"BLANK_TEXT\":1,\"INVALID_EVENT\":2},"
                    + "\"accuracy\":0.5,\"share\":{\"mobile\":0.0,\"edge\":1.0,\"cloud\":0.0},"
                    + "\"confidence_mean\":{\"edge\":0.75},\"layers_mean\":6.0,\"cost_mean\":9.0,"
                    + "\"cloud_only_cost_mean\":17.0,\"cost_reduction\":"
                    + (1 - 9.0 / 17)
                    + ",\"bytes_offloaded_mean\":0.0,\"events_per_second\":2.5,\"seconds\":2.0}"));
    assertThat(node.get("dead_letter_reasons").fieldNames())
        .toIterable()
        .containsExactly("BLANK_TEXT", "INVALID_EVENT");
  }

  @Test
  void shouldHaveNoAccuracyWithoutLabels() {
    SummaryBuilder sums = new SummaryBuilder();
    sums.add(prediction(null));
    assertThat(JSON.<JsonNode>valueToTree(sums.build(1, 1)).has("accuracy")).isFalse();
  }
}
