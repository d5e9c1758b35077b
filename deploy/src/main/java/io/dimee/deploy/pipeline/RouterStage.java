package io.dimee.deploy.pipeline;

import io.dimee.avro.TextEvent;
import io.dimee.deploy.TemporaryFolder;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.router.EventRouter;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.router.RouterMeters;
import io.dimee.topology.router.RouterTopology;
import io.dimee.topology.routing.SpillSwitch;
import io.dimee.topology.clients.StreamsApp;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.tracing.EventTracer;
import io.micrometer.core.instrument.MeterRegistry;
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
   * @param forwardText whether dead letters hold the head of an event's bytes
   */
  public static RouterStage create(
      ModelSource source,
      KafkaSettings settings,
      Topics topics,
      Delivery delivery,
      Policy policy,
      RecordFormats formats,
      SpillSwitch spill,
      boolean forwardText,
      MeterRegistry meters,
      EventTracer tracer)
      throws InterruptedException {
    int largestRecord = TopicSetup.largestRecord(settings, topics);
    Bundle bundle = source.bundle();
    MeanEmbedding embedding = source.files().meanEmbedding();
    TextTokenizer tokenizer = TextTokenizer.of(bundle);
    TemporaryFolder state = TemporaryFolder.create("dimee-router");
    try {
      EventRouter router =
          new EventRouter(
              topics,
              formats.of(TextEvent.class),
              bundle,
              tokenizer,
              embedding,
              policy,
              source.planner(),
              spill);
      Properties properties = settings.streams(topics.router(), delivery);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
      Topology topology =
          new RouterTopology(
                  topics,
                  router,
                  formats,
                  largestRecord,
                  forwardText,
                  new RouterMeters(meters),
                  tracer,
                  Clock.systemUTC())
              .build();
      return new RouterStage(tokenizer, state, new StreamsApp(PART, topology, properties, meters));
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
