package io.dimee.lab.whatif;

import io.dimee.client.outcomes.OutcomeReader;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.console.KafkaOptions;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Predictions that were given, as lines of JSON. */
@FunctionalInterface
public interface PastPredictions {
  /** Takes one prediction. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes it.
     *
     * @param where it stands, for messages
     */
    void take(String line, String where);
  }

  /** Hands on all that there are. */
  void read(Sink sink) throws IOException, InterruptedException;

  /**
   * Those of a file, one object per line.
   *
   * @param file or "-" for standard input
   * @throws ConfigurationException when it is neither
   */
  static PastPredictions of(Path file) {
    boolean isStandardInput = file.toString().equals("-");
    if (!isStandardInput && !Files.isRegularFile(file)) {
      throw new ConfigurationException(
          "replay=%s is not a file; valid: a file of predictions, one JSON object per line, or -"
              .formatted(file));
    }
    return sink -> {
      try (BufferedReader reader =
          isStandardInput
              ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
              : Files.newBufferedReader(file)) {
        long number = 0;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          number++;
          if (!line.isBlank()) {
            sink.take(line, "replay=%s line %d".formatted(file, number));
          }
        }
      }
    };
  }

  /** Those that a cluster's topic holds when they are read. */
  static PastPredictions of(KafkaOptions kafka) {
    return sink -> {
      Topics topics = kafka.topics();
      PredictionJson lines = new PredictionJson();
      try (RecordFormats formats = kafka.formats();
          OutcomeReader reader =
              new OutcomeReader(
                  new KafkaConsumer<>(kafka.answering().watcher(500)),
                  new Wire(topics, formats),
                  List.of(topics.predictions()))) {
        while (!reader.isAtEnd()) {
          reader.poll(
              Duration.ofMillis(200),
              prediction -> sink.take(lines.line(prediction), "prediction " + prediction.getId()),
              letter -> {});
        }
      }
    };
  }
}
