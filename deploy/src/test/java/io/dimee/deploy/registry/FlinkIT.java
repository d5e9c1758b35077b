package io.dimee.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.serdes.RegistryFormats;
import io.dimee.serdes.RegistrySettings;
import io.dimee.testing.SamplePredictions;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flink runs the script of the documentation over what we write with a registry. */
@Tag("nightly")
class FlinkIT {
  private static final Path SCRIPT = Path.of("../docs/flink/predictions.sql");
  private static final Instant BEGIN = Instant.parse("2026-11-20T06:59:00Z");

  @Test
  void shouldRunTheScriptOfTheDocumentation(@TempDir Path data) throws Exception {
    Optional<Path> java = NewerJdk.java();
    assumeTrue(
        java.isPresent(),
        "no JDK %d or newer on this machine: Flink has no registry to ask"
            .formatted(NewerJdk.LEAST));
    Topics topics = new Topics("flink.");
    try (RealRegistry registry =
            RealRegistry.start(java.get(), Path.of("target", "registry-of-flink.log"));
        // the records' times are fixed, and older than a broker's retention some day
        EmbeddedBroker broker =
            EmbeddedBroker.persistent(data, 0, Map.of("log.retention.ms", "-1"));
        RegistryFormats formats =
            new RegistryFormats(
                RegistrySettings.of(Map.of(RegistrySettings.URL, registry.confluentUrl()), true))) {
      // Given 60 predictions, 2 s apart, in committed transactions
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      TopicSetup.ensure(settings, List.of(topics.predictions()), 2);
      try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer("samples"))) {
        SamplePredictions.write(producer, topics.predictions(), formats, 60, BEGIN);
      }

      // When
      List<List<String>> results =
          run(
              Files.readString(SCRIPT)
                  .replace("${bootstrap.servers}", broker.bootstrapServers())
                  .replace("${topic.prefix}", topics.prefix())
                  .replace("${registry.url}", registry.confluentUrl())
                  .replace("${bounded.mode}", "latest-offset"));

      // Then: costs are 3, 3, 9, 18 in turn, against 17 each; every tenth is wrong
      assertThat(results).hasSize(2);
      assertThat(results.get(0))
          .containsExactlyInAnyOrder(
              "2026-11-20T06:59 mobile 16 48.0 " + (1 - 48.0 / 272),
              "2026-11-20T06:59 edge 7 63.0 " + (1 - 63.0 / 119),
              "2026-11-20T06:59 cloud 7 126.0 " + (1 - 126.0 / 119),
              "2026-11-20T07:00 mobile 14 42.0 " + (1 - 42.0 / 238),
              "2026-11-20T07:00 edge 8 72.0 " + (1 - 72.0 / 136),
              "2026-11-20T07:00 cloud 8 144.0 " + (1 - 144.0 / 136));
      assertThat(results.get(1))
          .containsExactlyInAnyOrder("mobile 3 30 27", "edge 6 15 12", "cloud 12 15 15");
    }
  }

  /** Runs statements; returns the last state of each query's rows. */
  private static List<List<String>> run(String script) {
    TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    List<List<String>> results = new ArrayList<>();
    List<String> statements =
        Pattern.compile(";").splitAsStream(script.replaceAll("(?m)^--.*$", "")).toList();
    for (String statement : statements) {
      if (statement.isBlank()) {
        continue;
      }
      if (statement.strip().startsWith("SELECT")) {
        results.add(rows(flink, statement));
      } else {
        flink.executeSql(statement);
      }
    }
    return results;
  }

  private static List<String> rows(TableEnvironment flink, String query) {
    List<String> rows = new ArrayList<>();
    // the topic is bounded, so the result ends and closes itself
    flink
        .executeSql(query)
        .collect()
        .forEachRemaining(
            row -> {
              if (row.getKind() == RowKind.INSERT || row.getKind() == RowKind.UPDATE_AFTER) {
                rows.add(text(row));
              } else {
                rows.remove(text(row));
              }
            });
    return rows;
  }

  private static String text(Row row) {
    return IntStream.range(0, row.getArity())
        .mapToObj(i -> String.valueOf(row.getField(i)))
        .collect(Collectors.joining(" "));
  }
}
