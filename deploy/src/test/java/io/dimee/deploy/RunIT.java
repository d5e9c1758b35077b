package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.cli.Dimee;
import io.dimee.testing.SharedCache;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The run command: real broker, real router, real workers, the committed bundle. */
class RunIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SAMPLES = 62;

  @TempDir Path directory;

  private record Result(int code, String err, List<JsonNode> predictions, JsonNode summary) {}

  private Result run(String... more) throws IOException {
    Path output = directory.resolve("predictions.jsonl");
    Path summary = directory.resolve("summary.json");
    List<String> args =
        new ArrayList<>(
            List.of(
                "run",
                "--bundle",
                "../models/bundles/sst2",
                "--cache-dir",
                SharedCache.FOLDER.toString(),
                "--output",
                output.toString(),
                "--summary",
                summary.toString()));
    args.addAll(List.of(more));
    CommandResult result = CommandResult.of(args.toArray(String[]::new));
    List<JsonNode> predictions = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      predictions.add(JSON.readTree(line));
    }
    return new Result(result.code(), result.err(), predictions, JSON.readTree(summary.toFile()));
  }

  @ParameterizedTest
  @CsvSource({"cascade", "dimee"})
  void shouldAnswerEverySampleEventOnce(String policy) throws IOException {
    answerEverySampleEventOnce(policy);
  }

  @ParameterizedTest
  @CsvSource({"adaptive", "mobile-only", "edge-only", "cloud-only"})
  @Tag("nightly")
  void shouldAnswerEverySampleEventOnceByAnyOtherPolicy(String policy) throws IOException {
    answerEverySampleEventOnce(policy);
  }

  private void answerEverySampleEventOnce(String policy) throws IOException {
    // When
    Result result = run("--policy", policy);

    // Then
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.predictions()).extracting(p -> p.get("id").asText()).doesNotHaveDuplicates();
    assertThat(result.predictions()).hasSize(SAMPLES);
    assertThat(result.summary().get("answered").asInt()).isEqualTo(SAMPLES);
    assertThat(result.summary().get("dead_letters").asInt()).isZero();
    assertThat(result.summary().get("accuracy").asDouble()).isGreaterThan(0.75);
    for (JsonNode prediction : result.predictions()) {
      double hops = 0;
      int depth = 0;
      for (JsonNode hop : prediction.get("hops")) {
        hops += hop.get("compute_cost").asDouble() + hop.get("offload_cost").asDouble();
        assertThat(hop.get("from_depth").asInt()).isEqualTo(depth);
        depth = hop.get("to_depth").asInt();
      }
      assertThat(prediction.get("cost").get("total").asDouble()).isCloseTo(hops, within(1e-9));
      assertThat(prediction.get("layers_run").asInt()).isEqualTo(depth);
      assertThat(prediction.get("cost").get("cloud_only").asDouble()).isEqualTo(17);
    }
  }

  @Test
  void shouldChargeTheCloudOnlyPriceWhenTheCloudAnswersAll() throws IOException {
    // When
    Result result = run("--policy", "cloud-only", "--limit", "5");

    // Then
    assertThat(result.predictions()).hasSize(5);
    assertThat(result.summary().get("cost_mean").asDouble()).isEqualTo(17);
    assertThat(result.summary().get("cost_reduction").asDouble()).isZero();
    assertThat(result.summary().get("layers_mean").asDouble()).isEqualTo(12);
  }

  @Test
  void shouldGiveEveryBadLineAReasonAndAnswerTheRest() throws IOException {
    // Given good lines around every kind of bad one
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<byte[]> lines = new ArrayList<>();
    lines.add(utf8("{\"id\":\"first\",\"text\":\"a fine film\"}"));
    lines.add(utf8("{\"id\":\"empty\",\"text\":\"\"}"));
    lines.add(utf8("{\"id\":\"blank\",\"text\":\" \\t \\u2003\"}"));
    lines.add(utf8("{\"id\":\"no-text\"}"));
    lines.add(utf8("this is no json"));
    lines.add(new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});
    lines.add(utf8("{\"id\":\"label\",\"text\":\"fine\",\"label\":\"sideways\"}"));
    lines.add(utf8("{\"id\":\"emoji\",\"text\":\"fine 😂👍🏽 \\u0000\\u0007\"}"));
    lines.add(utf8("{\"id\":\"megabyte\",\"text\":\"" + "dull ".repeat(200_000) + "\"}"));
    lines.add(utf8("{\"id\":\"huge\",\"text\":\"" + "dull ".repeat(1_000_000) + "\"}"));
    lines.add(utf8("{\"id\":\"last\",\"text\":\"a dull film\"}"));
    for (byte[] line : lines) {
      bytes.write(line);
      bytes.write('\n');
    }
    Path input = directory.resolve("bad.jsonl");
    Files.write(input, bytes.toByteArray());

    // When
    Result result = run("--input", input.toString());

    // Then
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.predictions())
        .extracting(p -> p.get("id").asText())
        .containsExactlyInAnyOrder("first", "emoji", "megabyte", "last");
    assertThat(result.predictions())
        .filteredOn(p -> p.get("id").asText().equals("megabyte"))
        .allMatch(p -> p.get("truncated").asBoolean());
    JsonNode reasons = result.summary().get("dead_letter_reasons");
    assertThat(reasons.get("BLANK_TEXT").asInt()).isEqualTo(2);
    assertThat(reasons.get("INVALID_EVENT").asInt()).isEqualTo(2);
    assertThat(reasons.get("UNREADABLE_RECORD").asInt()).isEqualTo(1);
    assertThat(reasons.get("UNKNOWN_LABEL").asInt()).isEqualTo(1);
    assertThat(reasons.get("RECORD_TOO_LARGE").asInt()).isEqualTo(1);
    assertThat(result.summary().get("events").asInt()).isEqualTo(lines.size());
    assertThat(result.err()).contains("dead letter bad.jsonl-5: INVALID_EVENT: line 5: not JSON");
  }

  @Test
  void shouldFailWhenThePredictionsCannotBeWritten() {
    // Given Linux's file that is always full
    Path full = Path.of("/dev/full");
    Assumptions.assumeThat(full).exists();
    StringWriter err = new StringWriter();

    // When
    int code =
        new Dimee(new PrintWriter(new StringWriter()), new PrintWriter(err), Map.of())
            .run(
                "run",
                "--bundle",
                "../testing/bundles/tiny",
                "--cache-dir",
                SharedCache.FOLDER.toString(),
                "--output",
                full.toString());

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).contains("dimee: output=/dev/full cannot be written: ");
  }

  @Test
  void shouldHoldItsPromisesOnSst2Dev() throws IOException {
    // Given the GLUE data, where it is
    String data = System.getenv("DIMEE_DATA");
    Assumptions.assumeThat(data).as("DIMEE_DATA names the folder with SST-2").isNotNull();
    String dev = Path.of(data, "SST-2", "dev.tsv").toString();

    // When
    Result cloud = run("--input", dev, "--format", "tsv", "--policy", "cloud-only");
    Result cascade = run("--input", dev, "--format", "tsv", "--policy", "cascade");

    // Then
    assertThat(cascade.predictions()).hasSize(872);
    assertThat(cascade.predictions()).extracting(p -> p.get("id")).doesNotHaveDuplicates();
    double last = cloud.summary().get("accuracy").asDouble();
    assertThat(last).isGreaterThanOrEqualTo(0.915);
    assertThat(cascade.summary().get("accuracy").asDouble()).isGreaterThanOrEqualTo(last - 0.003);
    assertThat(cascade.summary().get("cost_reduction").asDouble()).isGreaterThanOrEqualTo(0.58);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
