package io.dimee.lab.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.dimee.client.outcomes.OutcomeReader;
import io.dimee.client.outcomes.PredictionJson;
import io.dimee.console.Bundles;
import io.dimee.console.ExitCode;
import io.dimee.console.OutputFile;
import io.dimee.console.Progress;
import io.dimee.console.Table;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.lab.whatif.CostReplay;
import io.dimee.lab.whatif.Thresholds;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Answers what past predictions would have cost. */
final class Replaying {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int RECORDS_PER_POLL = 500;

  private final EvaluateCommand command;
  private final ObjectMapper json = new ObjectMapper();
  private CostReplay replay;
  private String modelId;

  Replaying(EvaluateCommand command) {
    this.command = command;
  }

  int run() throws IOException, InterruptedException {
    PrintWriter out = command.spec.commandLine().getOut();
    requireFile();
    try (OutputFile file = OutputFile.open("json", command.json)) {
      try (ProgressBar bar =
          Progress.bar("replayed", "predictions", -1, command.spec.commandLine().getErr())) {
        if (command.replay != null) {
          readLines(bar);
        } else {
          readTopic(bar);
        }
      }
      if (replay == null) {
        throw new ConfigurationException("there is no prediction to replay");
      }
      CostReplay.Result result = replay.result();
      out.println(table(result));
      if (result.beyond() > 0) {
        out.printf(
            "%d of %d predictions would have gone deeper than they did; what deeper exits would have said is not recorded,"
                + " so they are left out%n",
            result.beyond(), result.events());
      }
      if (result.cloudOnlyLacksBytes()) {
        out.println(
            "the cost of the cloud alone lacks its bytes part: predictions do not record their number of tokens");
      }
      if (file != null) {
        file.line(
            new ObjectMapper()
                .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .writeValueAsString(result));
      }
    }
    return ExitCode.DONE;
  }

  private boolean isStandardInput() {
    return command.replay.toString().equals("-");
  }

  private void requireFile() {
    if (command.replay != null && !isStandardInput() && !Files.isRegularFile(command.replay)) {
      throw new ConfigurationException(
          "replay=%s is no file; valid: a file of predictions, one JSON object a line, or -"
              .formatted(command.replay));
    }
  }

  private void readLines(ProgressBar bar) throws IOException {
    try (BufferedReader reader =
        isStandardInput()
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            : Files.newBufferedReader(command.replay)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(line, "replay=%s line %d".formatted(command.replay, number));
          bar.step();
        }
      }
    }
  }

  private void readTopic(ProgressBar bar) throws InterruptedException {
    Topics topics = command.kafka.topics();
    PredictionJson lines = new PredictionJson();
    try (RecordFormats formats = command.kafka.formats();
        OutcomeReader reader =
            new OutcomeReader(
                new KafkaConsumer<>(command.kafka.answering().watcher(RECORDS_PER_POLL)),
                new Wire(topics, formats),
                List.of(topics.predictions()))) {
      while (!reader.isAtEnd()) {
        reader.poll(
            POLL,
            prediction -> {
              add(lines.line(prediction), "prediction " + prediction.getId());
              bar.step();
            },
            letter -> {});
      }
    }
  }

  private void add(String line, String where) {
    try {
      JsonNode prediction = json.readTree(line);
      String model = prediction.path("model_id").asText();
      if (replay == null) {
        replay = replay(model, where);
        modelId = model;
      }
      if (!model.equals(modelId)) {
        throw new ConfigurationException(
            "%s: model_id %s is not that of the predictions before it, %s; valid: predictions of one model"
                .formatted(where, model, modelId));
      }
      replay.add(prediction);
    } catch (JsonProcessingException e) {
      throw new ConfigurationException(
          "%s is no JSON object: %s".formatted(where, e.getOriginalMessage()), e);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "%s is no prediction: %s".formatted(where, e.getMessage()), e);
    }
  }

  /** Prices and cut of the bundle that the predictions name. */
  private CostReplay replay(String model, String where) {
    String name = model.replaceFirst("@.*", "");
    if (name.isBlank()) {
      throw new IllegalArgumentException("it has no model_id");
    }
    Path folder = (command.bundles == null ? Bundles.folder() : command.bundles).resolve(name);
    if (!Files.isDirectory(folder)) {
      throw new ConfigurationException(
          "%s: there is no bundle %s in %s; name its folder with --bundles"
              .formatted(where, name, folder.getParent()));
    }
    BundleManifest manifest = Bundle.open(folder).manifest();
    return new CostReplay(
        command.prices.or(manifest.prices()),
        manifest.tiers(),
        Optional.ofNullable(command.thresholds).map(Thresholds::read));
  }

  private record Row(String what, String before, String after) {}

  private static Table.Lines table(CostReplay.Result result) {
    List<Row> rows = new ArrayList<>();
    rows.add(
        new Row("predictions", Long.toString(result.events()), Long.toString(result.replayed())));
    if (result.accuracyBefore() != null) {
      rows.add(
          new Row(
              "accuracy",
              Table.percent(result.accuracyBefore(), 2),
              Table.percent(result.accuracyAfter(), 2)));
    }
    rows.add(
        new Row(
            "cost, mean", Table.decimal(result.costBefore()), Table.decimal(result.costAfter())));
    rows.add(new Row("cost, cloud alone", "", Table.decimal(result.cloudOnly())));
    rows.add(new Row("cost reduction", "", Table.percent(result.costReduction(), 2)));
    result
        .share()
        .forEach(
            (tier, share) -> rows.add(new Row("answered by " + tier, "", Table.percent(share, 2))));
    return new Table<Row>()
        .text("what if", Row::what)
        .number("recorded", Row::before)
        .number("replayed", Row::after)
        .of(rows);
  }
}
