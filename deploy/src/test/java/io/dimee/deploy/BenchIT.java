package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.cli.Dimee;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench command: it must answer every event with every contestant; how fast is not tested. */
class BenchIT {
  private static final int EVENTS = 24;
  private static final String TINY = "../testing/bundles/tiny";
  private static final String SST2 = "../models/bundles/sst2";

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();

  /** Runs the command as quickly as it may be run. */
  private JsonNode bench(String bundle, String... more) throws IOException {
    Path file = directory.resolve("bench.json");
    StringWriter err = new StringWriter();
    List<String> args =
        new ArrayList<>(
            List.of(
                "bench",
                "--bundle",
                bundle,
                "--cache-dir",
                SharedCache.FOLDER.toString(),
                "--events",
                Integer.toString(EVENTS),
                "--warm-up",
                "0.5",
                "--rounds",
                "1",
                "--seconds",
                "0.5",
                "--endurance",
                Integer.toString(EVENTS),
                "--json",
                file.toString()));
    args.addAll(List.of(more));
    int code =
        new Dimee(new PrintWriter(out), new PrintWriter(err), Map.of())
            .run(args.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void shouldMeasureThroughputAloneWhenOnlyThatIsAskedFor() throws Exception {
    // When
    JsonNode result = bench(TINY, "--only", "throughput");

    // Then
    assertThat(result.get("throughput").findValuesAsText("name"))
        .containsExactly("cascade", "streams, one by one", "consumer, batches", "bare loop");
    assertThat(result.get("throughput").get(1).get("accuracy"))
        .as("both baselines run the same model")
        .isEqualTo(result.get("throughput").get(2).get("accuracy"));
    assertThat(result.get("latency")).isEmpty();
    assertThat(out.toString()).contains("cascade is faster by");
  }

  @Test
  @Tag("nightly")
  void shouldMeasureEveryContestantOnTheSameEvents() throws Exception {
    // When
    JsonNode result = bench(SST2);

    // Then
    assertThat(result.get("events").asInt()).isEqualTo(EVENTS);
    assertThat(result.get("machine").get("cores").asInt()).isPositive();
    assertThat(result.get("throughput").findValuesAsText("name"))
        .containsExactly("cascade", "streams, one by one", "consumer, batches", "bare loop");
    JsonNode own = result.get("throughput").get(0);
    assertThat(own.get("ratio").get("median").asDouble()).isEqualTo(1);
    assertThat(own.get("accuracy").asDouble()).isGreaterThan(0.7);
    assertThat(result.get("throughput").get(1).get("accuracy"))
        .as("both baselines run the same model")
        .isEqualTo(result.get("throughput").get(2).get("accuracy"));
    assertThat(result.get("latency")).hasSize(9);
    for (JsonNode latency : result.get("latency")) {
      assertThat(latency.get("p50").asDouble())
          .isPositive()
          .isLessThanOrEqualTo(latency.get("p99").asDouble());
    }
    assertThat(result.get("layers").findValuesAsText("name")).contains("unmodified fp32");
    assertThat(result.get("operators").findValuesAsText("operator"))
        .contains("MatMul", "Attention");
    assertThat(result.get("processor_use_at_half_load").findValuesAsText("part"))
        .contains("tiers' workers");
    assertThat(result.get("scaling").findValuesAsText("name"))
        .containsExactly("2 edge workers", "1 edge worker");
    assertThat(result.get("start_ups").findValuesAsText("command"))
        .containsExactly("dimee --help", "dimee run", "dimee mobile", "dimee edge", "dimee cloud");
    JsonNode last = result.get("endurance").get(result.get("endurance").size() - 1);
    assertThat(last.get("events").asInt()).isEqualTo(EVENTS);
    assertThat(last.get("millis_per_event").asDouble()).isPositive();
    assertThat(out.toString()).contains("cascade is faster by").contains("the first prediction");
  }
}
