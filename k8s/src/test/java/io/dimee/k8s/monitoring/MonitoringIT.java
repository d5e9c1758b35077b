package io.dimee.k8s.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dimee.broker.EmbeddedBroker;
import io.dimee.broker.FreePort;
import io.dimee.cli.Dimee;
import io.dimee.client.events.EventFile;
import io.dimee.client.events.InputFormat;
import io.dimee.client.send.EventSender;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.files.FileCache;
import io.dimee.node.dashboard.Dashboard;
import io.dimee.node.ledger.LedgerServer;
import io.dimee.node.ledger.LedgerStage;
import io.dimee.node.ledger.StoreStage;
import io.dimee.node.ledger.UnansweredStage;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.ModelSource;
import io.dimee.node.stages.SpillStage;
import io.dimee.node.stages.Stages;
import io.dimee.serdes.HiddenCodec;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.cluster.Wire;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.EventTracer;
import io.dimee.topology.tracing.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What dashboards, alerts and the documentation name, in a scrape of the running pipeline. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int EVENTS = 62;

  private final HttpClient client = HttpClient.newHttpClient();
  private Scrape scrape;

  /** The pipeline as one process, the ledger as another. */
  @BeforeAll
  void run() throws Exception {
    Topics topics = new Topics("monitoring.");
    SingleObjectFormats formats = new SingleObjectFormats();
    Bundle bundle = Bundle.open(Path.of("../models/bundles/sst2"));
    ModelSource source =
        new ModelSource(
            bundle,
            new FileCache(SharedCache.FOLDER),
            bundle.manifest().prices(),
            1,
            HiddenCodec.FP16);
    int port = FreePort.find();
    String address = "127.0.0.1:" + port;
    try (EmbeddedBroker broker = EmbeddedBroker.temporary();
        ProcessMeters meters = new ProcessMeters("run");
        ProcessMeters ledgerMeters = new ProcessMeters("ledger");
        LocalPipeline pipeline =
            LocalPipeline.start(
                new Connection(
                    new KafkaSettings(broker.bootstrapServers(), Map.of()), topics, formats),
                source,
                Delivery.EXACTLY_ONCE,
                Policy.CASCADE,
                new Telemetry(meters.registry(), EventTracer.off()));
        Stages stages = new Stages()) {
      KafkaSettings settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
      stages.add(new SpillStage(settings, topics, SpillSwitch.never(), meters.registry()));
      LedgerStage ledger =
          LedgerStage.create(
              new Connection(settings, topics, formats),
              new StoreStage.Settings(
                  1, StoreStage.RETENTION, Optional.empty(), Optional.of(address)),
              ledgerMeters.registry());
      stages.add(ledger);
      UnansweredStage unanswered =
          UnansweredStage.create(
              new Connection(settings, topics, formats),
              new StoreStage.Settings(
                  1, StoreStage.RETENTION, Optional.empty(), Optional.of(address)),
              ledgerMeters.registry());
      stages.add(unanswered);
      try (Dashboard server =
              new Dashboard(
                  new Connection(settings, topics, formats),
                  new Dashboard.Settings(
                      Map.of(bundle.modelId(), bundle.manifest()),
                      Duration.ofHours(1),
                      true,
                      "127.0.0.1",
                      0,
                      Set.of()),
                  EventTracer.off(),
                  meters,
                  pipeline::health);
          LedgerServer ledgerServer =
              new LedgerServer(
                  ledger,
                  unanswered,
                  new LedgerServer.Settings(
                      Map.of(bundle.modelId(), bundle.manifest()),
                      Duration.ofHours(1),
                      Duration.ofMinutes(10),
                      "127.0.0.1",
                      port,
                      Set.of()),
                  ledgerMeters,
                  HostInfo.buildFromEndpoint(address))) {
        stages.start();
        send(settings, topics, formats);
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () -> {
                  pipeline.throwIfFailed();
                  return get(ledgerServer.url() + "drift").contains("\"events\":" + EVENTS)
                      && get(ledgerServer.url() + "unanswered").contains("\"open\":0");
                });
        scrape = new Scrape(get(server.url() + "metrics") + get(ledgerServer.url() + "metrics"));
      }
    }
  }

  /** The sample events, which have labels. */
  private static void send(KafkaSettings settings, Topics topics, SingleObjectFormats formats)
      throws IOException {
    try (Producer<byte[], byte[]> producer = new KafkaProducer<>(settings.producer(null));
        EventFile file =
            new EventFile(
                "sample",
                Dimee.class.getResourceAsStream("/io/dimee/client/sample-events.jsonl"),
                InputFormat.jsonl)) {
      new EventSender(
              producer,
              new Wire(topics, formats),
              PayloadHead.KEPT,
              EventTracer.off(),
              Clock.systemUTC())
          .send(file, EVENTS, 0, () -> false, sent -> {});
    }
  }

  private String get(String url) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  static Stream<String> expressions() {
    return Stream.concat(Dashboards.expressions().stream(), Alerts.expressions().stream())
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("expressions")
  void shouldAskForWhatIsThere(String expression) {
    assertThat(new ExpressionCheck(scrape).problems(expression)).isEmpty();
  }

  @Test
  void shouldExplainEveryMetricOfItsOwnAndNoOther() throws IOException {
    assertThat(OperationsPage.metrics())
        .containsExactlyInAnyOrderElementsOf(scrape.families("dimee_"));
  }
}
