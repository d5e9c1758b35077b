package io.dimee.node.stages;

import io.dimee.inference.files.TemporaryFolder;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.topology.clients.StreamsApp;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.deadletters.PayloadHead;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.router.RouterMeters;
import io.dimee.topology.router.RouterTopology;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.tracing.Telemetry;
import java.time.Clock;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The router and the tokenizer that it owns. */
public final class RouterStage implements Stage {
  private static final String PART = "router";

  private final TextTokenizer tokenizer;
  private final TemporaryFolder state;
  private final StreamsApp app;

  private RouterStage(TextTokenizer tokenizer, TemporaryFolder state, StreamsApp app) {
    this.tokenizer = tokenizer;
    this.state = state;
    this.app = app;
  }

  /**
   * Creates a router; it keeps no state, so that its folder is a temporary one.
   *
   * @param head whether dead letters hold the head of an event's bytes
   */
  public static RouterStage create(
      ModelSource source,
      Connection connection,
      Delivery delivery,
      Policy policy,
      PayloadHead head,
      SpillSwitch spill,
      Telemetry telemetry)
      throws InterruptedException {
    KafkaSettings settings = connection.settings();
    Topics topics = connection.topics();
    int largestRecord = TopicSetup.largestRecord(settings, topics);
    TextTokenizer tokenizer = TextTokenizer.of(source.bundle());
    TemporaryFolder state = TemporaryFolder.create("dimee-router");
    try {
      Clock clock = Clock.systemUTC();
      EventRouter router =
          new EventRouter(connection.wire(), source.routerModel(tokenizer), policy, spill, clock);
      Properties properties = settings.streams(topics.router(), delivery);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
      Topology topology =
          new RouterTopology(
                  connection.wire(),
                  router,
                  largestRecord,
                  head,
                  new RouterMeters(telemetry.meters()),
                  telemetry.tracer(),
                  clock)
              .build();
      return new RouterStage(
          tokenizer, state, new StreamsApp(PART, topology, properties, telemetry.meters()));
    } catch (RuntimeException e) {
      tokenizer.close();
      state.close();
      throw e;
    }
  }

  @Override
  public void start() {
    app.start();
  }

  @Override
  public Health health() {
    return new Health(PART, app.isLive(), app.isReady());
  }

  @Override
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  @Override
  public void close() {
    app.close();
    tokenizer.close();
    state.close();
  }
}
