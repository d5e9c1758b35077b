package io.dimee.deploy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.broker.FreePort;
import io.dimee.deploy.SampleTexts;
import io.dimee.deploy.SharedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.node.ledger.LedgerServer;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Streams of known kinds through the whole pipeline, with the bundle of SST-2. */
@ExtendWith(SharedBroker.class)
class DriftIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String DATA = System.getenv("DIMEE_DATA");

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  /** What the ledger says of a stream. */
  private record Seen(JsonNode drift, String metrics) {
    List<String> levels() {
      List<String> levels = new ArrayList<>();
      drift.get("drift").forEach(reading -> levels.add(reading.get("level").textValue()));
      return levels;
    }
  }

  private Seen see(EmbeddedBroker broker, List<String> texts) throws Exception {
    Topics topics = new Topics("drift-%s.".formatted(UUID.randomUUID()));
    try (ProcessMeters meters = new ProcessMeters("ledger");
        Workbench bench = new Workbench(broker, topics.prefix());
        LocalPipeline pipeline = bench.pipeline()) {
      int port = FreePort.find();
      LedgerStage stage =
          LedgerStage.create(
              new Connection(bench.settings(), topics, bench.formats()),
              new StoreStage.Settings(
                  1, StoreStage.RETENTION, Optional.empty(), Optional.of("127.0.0.1:" + port)),
              meters.registry());
      // which is not started: events without an outcome are not asked for
      UnansweredStage unanswered =
          UnansweredStage.create(
              new Connection(bench.settings(), topics, bench.formats()),
              new StoreStage.Settings(
                  1, StoreStage.RETENTION, Optional.empty(), Optional.of("127.0.0.1:" + port)),
              meters.registry());
      try (stage;
          unanswered;
          LedgerServer server =
              new LedgerServer(
                  stage,
                  unanswered,
                  new LedgerServer.Settings(
                      Map.of(bench.source().bundle().modelId(), bench.source().bundle().manifest()),
                      Duration.ofHours(1),
                      Duration.ofMinutes(10),
                      "127.0.0.1",
                      port,
                      Set.of()),
                  meters,
                  new HostInfo("127.0.0.1", port))) {
        stage.start();
        for (int i = 0; i < texts.size(); i++) {
          bench.send("e-" + i, texts.get(i), null);
        }
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () -> {
                  pipeline.throwIfFailed();
                  return json.readTree(get(server, "drift")).at("/drift/0/events").asInt()
                      == texts.size();
                });
        return new Seen(json.readTree(get(server, "drift")), get(server, "metrics"));
      }
    }
  }

  private String get(LedgerServer server, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static List<String> german() {
    List<String> subjects =
        List.of(
            "der film",
            "die handlung",
            "das drehbuch",
            "die hauptdarstellerin",
            "die regie",
            "der zweite teil",
            "das ende",
            "die musik",
            "der anfang",
            "die kamera");
    List<String> verdicts =
        List.of(
            "ist langweilig und viel zu lang",
            "hat mich tief berührt",
            "bleibt bis zum schluss spannend",
            "wirkt leider ziemlich lieblos",
            "überzeugt nur in wenigen szenen",
            "ist ein kleines meisterwerk",
            "macht von der ersten minute an spaß",
            "hätte besser sein können",
            "erinnert an bessere zeiten",
            "ist nichts für schwache nerven");
    return subjects.stream()
        .flatMap(subject -> verdicts.stream().map(verdict -> subject + " " + verdict + " ."))
        .toList();
  }

  /** Sentences about this software. */
  private static List<String> technicalProse() throws IOException {
    List<String> sentences = new ArrayList<>();
    try (Stream<Path> pages = Files.list(Path.of("../docs/decisions"))) {
      for (Path page : pages.sorted().toList()) {
        for (String sentence :
            Files.readString(page).replaceAll("[#*`|]", "").split("(?<=[.:;])\\s+", -1)) {
          String one = sentence.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
          if (one.split(" ", -1).length > 4 && one.length() < 300) {
            sentences.add(one);
          }
        }
      }
    }
    return sentences.subList(0, 200);
  }

  private static List<String> dev() throws IOException {
    assumeThat(DATA).as("DIMEE_DATA names the folder of the data").isNotNull();
    return Files.readAllLines(Path.of(DATA, "SST-2", "dev.tsv")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1)[0])
        .toList();
  }

  @Test
  void shouldRaiseTheAlarmForAnotherLanguage(EmbeddedBroker broker) throws Exception {
    Seen seen = see(broker, german());

    assertThat(seen.levels()).containsOnly("alarm");
    assertThat(seen.metrics())
        .containsPattern("dimee_drift_alarm\\{feature=\"pools\",[^}]*\\} 1\\.0")
        .containsPattern("dimee_drift_psi\\{feature=\"exits\",[^}]*\\} 0\\.\\d+");
  }

  @Test
  @Tag("nightly")
  void shouldRaiseTheAlarmForAnotherDomain(EmbeddedBroker broker) throws Exception {
    Seen seen = see(broker, technicalProse());

    assertThat(seen.levels()).contains("alarm");
  }

  @Test
  void shouldNotJudgeAHandful(EmbeddedBroker broker) throws Exception {
    Seen seen = see(broker, SampleTexts.all().subList(0, 5));

    assertThat(seen.levels()).containsOnly("too_few");
    assertThat(seen.metrics()).doesNotContainPattern("dimee_drift_alarm\\{[^}]*\\} 1\\.0");
  }

  @Test
  void shouldRaiseNoAlarmForSentencesAsThoseOfCalibration(EmbeddedBroker broker) throws Exception {
    Seen seen = see(broker, dev());

    assertThat(seen.levels()).containsOnly("steady");
  }

  @Test
  void shouldRaiseTheAlarmForTheSameSentencesWithTheirWordsShuffled(EmbeddedBroker broker)
      throws Exception {
    Random random = new Random(17);
    List<String> shuffled =
        dev().stream()
            .map(
                sentence -> {
                  List<String> words =
                      new ArrayList<>(Arrays.asList(sentence.strip().split(" ", -1)));
                  Collections.shuffle(words, random);
                  return String.join(" ", words);
                })
            .toList();

    Seen seen = see(broker, shuffled);

    assertThat(seen.levels()).contains("alarm");
  }
}
