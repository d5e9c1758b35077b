package io.dimee.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.SampleTexts;
import io.dimee.deploy.SharedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.node.dashboard.Dashboard;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.tracing.EventTracer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedBroker.class)
class DashboardIT {
  private static final Topics TOPICS = new Topics("dash.");
  private static final ProcessMeters METERS = new ProcessMeters("dashboard");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Workbench bench;
  private static LocalPipeline pipeline;
  private static Dashboard dashboard;

  private final HttpClient client = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  private static Dashboard start(Topics topics, boolean readOnly) {
    return new Dashboard(
        new Connection(bench.settings(), topics, bench.formats()),
        new Dashboard.Settings(
            Map.of(bench.source().bundle().modelId(), bench.source().bundle().manifest()),
            Duration.ofHours(1),
            readOnly,
            "127.0.0.1",
            0,
            Set.of()),
        EventTracer.off(),
        METERS,
        List::of);
  }

  @BeforeAll
  static void startAll(EmbeddedBroker broker) throws InterruptedException {
    bench = new Workbench(broker, TOPICS.prefix());
    // before its topics are there
    dashboard = start(TOPICS, false);
    pipeline = bench.pipeline();
  }

  @AfterAll
  static void stopAll() {
    dashboard.close();
    METERS.close();
    pipeline.close();
    bench.close();
  }

  private JsonNode state(Dashboard of) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(of.url() + "api/state")).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return json.readTree(response.body());
  }

  private HttpResponse<String> ask(Dashboard of, String type, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(of.url() + "api/ask"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private int status(Dashboard of, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(of.url() + path)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void shouldBeLiveButNotReadyWithoutTopics() throws Exception {
    try (Dashboard without = start(new Topics("none."), true)) {
      await().atMost(PATIENCE).until(() -> status(without, "health/ready") == 503);

      assertThat(status(without, "health/live")).isEqualTo(200);
      await().atMost(PATIENCE).until(() -> status(dashboard, "health/ready") == 200);
    }
  }

  @Test
  void shouldShowWhatThePredictionsAddUpTo() throws Exception {
    List<String> texts = SampleTexts.all();
    long before = state(dashboard).at("/totals/answered").longValue();
    for (int i = 0; i < texts.size(); i++) {
      bench.send("e-" + i, texts.get(i), "positive");
    }
    bench.send("blank", " ", null);

    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode now = state(dashboard);
              return now.at("/totals/answered").longValue() >= before + texts.size()
                  && now.at("/totals/dead_letters").longValue() >= 1;
            });

    JsonNode state = state(dashboard);
    assertThat(state.at("/pipeline/problem").isNull()).isTrue();
    long answered = state.at("/totals/answered").longValue();
    long byTier = 0;
    double shares = 0;
    for (JsonNode tier : state.get("tiers")) {
      byTier += tier.get("answered").longValue();
      shares += tier.get("share").doubleValue();
    }
    assertThat(byTier).isEqualTo(answered);
    assertThat(shares).isCloseTo(1, within(1e-9));
    long byExit = 0;
    for (JsonNode exit : state.get("exits")) {
      byExit += exit.get("answered").longValue();
    }
    assertThat(byExit).isEqualTo(answered);
    assertThat(state.at("/totals/labelled").longValue()).isEqualTo(texts.size());
    assertThat(state.at("/totals/cloud_only_cost").doubleValue()).isEqualTo(17.0 * answered);
    assertThat(state.get("recent")).hasSize(30);
    assertThat(state.at("/recent/0/pool_distances")).hasSize(3);
    assertThat(state.at("/dead_letters/0/reason").textValue()).isEqualTo("blank_text");
    assertThat(state.at("/drift/0/feature").textValue()).isEqualTo("pools");
    assertThat(state.at("/confidence/reference")).hasSize(20);
    assertThat(state.at("/latency_ms/p50").longValue()).isPositive();
    await().atMost(PATIENCE).until(() -> state(dashboard).at("/tiers/0/lag").asLong(-1) == 0);
  }

  @Test
  void shouldAnswerWhatIsTyped() throws Exception {
    HttpResponse<String> response =
        ask(dashboard, "application/json", "{\"text\":\"a gripping, funny and moving film\"}");

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode prediction = json.readTree(response.body()).get("prediction");
    assertThat(prediction.get("label_name").textValue()).isEqualTo("positive");
    assertThat(prediction.get("hops")).isNotEmpty();
    assertThat(prediction.at("/attributes/source").textValue()).isEqualTo("dashboard");
  }

  @Test
  void shouldSayWhatIsWrongWithAQuestion() throws Exception {
    HttpResponse<String> blank = ask(dashboard, "application/json", "{\"text\":\" \"}");
    HttpResponse<String> notJson = ask(dashboard, "application/json", "a film");
    HttpResponse<String> form = ask(dashboard, "text/plain", "{\"text\":\"a film\"}");
    HttpResponse<String> number = ask(dashboard, "application/json", "{\"text\":7}");
    HttpResponse<String> huge =
        ask(dashboard, "application/json", "{\"text\":\"" + "a".repeat(10_001) + "\"}");

    assertThat(blank.statusCode()).isEqualTo(400);
    assertThat(notJson.statusCode()).isEqualTo(400);
    assertThat(form.statusCode()).isEqualTo(415);
    assertThat(number.statusCode()).isEqualTo(400);
    assertThat(huge.statusCode()).isEqualTo(400);
    assertThat(huge.body()).contains("10001 characters");
  }

  @Test
  void shouldSayWhyTheModelDoesNotAnswer() throws Exception {
    JsonNode pair =
        json.readTree(
            ask(dashboard, "application/json", "{\"text\":\"a film\",\"text_pair\":\"a bore\"}")
                .body());
    JsonNode invisible =
        json.readTree(ask(dashboard, "application/json", "{\"text\":\"\\u200b\"}").body());

    assertThat(pair.at("/dead_letter/reason").textValue()).isEqualTo("invalid_event");
    assertThat(pair.at("/dead_letter/message").textValue())
        .contains("the event has a text_pair", "takes one text");
    assertThat(invisible.at("/dead_letter/reason").textValue()).isEqualTo("blank_text");
  }

  @Test
  void shouldSendNothingWhereItIsReadOnly() throws Exception {
    try (Dashboard readOnly = start(TOPICS, true)) {
      HttpResponse<String> response = ask(readOnly, "application/json", "{\"text\":\"a film\"}");

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(state(readOnly).at("/pipeline/read_only").booleanValue()).isTrue();
    }
  }

  @Test
  void shouldSayThatTopicsAreMissing() throws Exception {
    try (Dashboard lost = start(new Topics("nowhere."), false)) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> state(lost).at("/pipeline/problem").asText().contains("nowhere.predictions"));
      assertThat(state(lost).at("/totals/answered").longValue()).isZero();
    }
  }

  /** A page from elsewhere can make its own name point to this machine. */
  @Test
  void shouldNotAnswerToOtherNames() throws Exception {
    URI uri = URI.create(dashboard.url());
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/state HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("predictions");
    }
  }
}
