package io.dimee.deploy.pipeline;

import io.dimee.avro.TextEvent;
import io.dimee.inference.Bundle;
import io.dimee.inference.MeanEmbedding;
import io.dimee.inference.TextTokenizer;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.Delivery;
import io.dimee.topology.EventRouter;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Policy;
import io.dimee.topology.RouterApp;
import io.dimee.topology.RouterTopology;
import io.dimee.topology.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** The router and the tokenizer that it owns. */
public final class RouterStage implements Stage {
  private final TextTokenizer tokenizer;
  private final RouterApp app;

  private RouterStage(TextTokenizer tokenizer, RouterApp app) {
    this.tokenizer = tokenizer;
    this.app = app;
  }

  /** Creates a router; it keeps no state, so that its folder is a temporary one. */
  public static RouterStage create(
      ModelSource source,
      KafkaSettings settings,
      Topics topics,
      Delivery delivery,
      Policy policy,
      RecordFormats formats) {
    Bundle bundle = source.bundle();
    MeanEmbedding embedding = source.files().meanEmbedding();
    TextTokenizer tokenizer = TextTokenizer.load(bundle.manifest().maxTokens());
    try {
      EventRouter router =
          new EventRouter(
              topics,
              formats.of(TextEvent.class),
              tokenizer,
              embedding,
              bundle.pools(),
              bundle.manifest(),
              bundle.modelId(),
              policy);
      Properties properties = settings.streams(topics.prefix() + "router", delivery);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, temporaryDirectory().toString());
      Topology topology = new RouterTopology(topics, router, formats, Clock.systemUTC()).build();
      return new RouterStage(tokenizer, new RouterApp(topology, properties));
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("dimee-router");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for the router", e);
    }
  }

  @Override
  public void start() {
    app.start();
  }

  @Override
  public CompletableFuture<Void> ended() {
    return app.ended();
  }

  @Override
  public void close() {
    app.close();
    tokenizer.close();
  }
}
