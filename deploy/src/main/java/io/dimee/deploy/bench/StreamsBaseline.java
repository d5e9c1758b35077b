package io.dimee.deploy.bench;

import io.dimee.avro.TextEvent;
import io.dimee.deploy.TemporaryFolder;
import io.dimee.inference.bundle.Bundle;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** What people write first: Kafka Streams, mapValues, one record at a time. */
final class StreamsBaseline implements Contestant {
  private final Topics topics;
  private final WholeModel model;
  private final TemporaryFolder state;
  private final KafkaStreams streams;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private StreamsBaseline(
      Topics topics, WholeModel model, TemporaryFolder state, KafkaStreams streams) {
    this.topics = topics;
    this.model = model;
    this.state = state;
    this.streams = streams;
    streams.setUncaughtExceptionHandler(
        e -> {
          failure.set(e);
          return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
  }

  /** Starts on topics that exist. */
  static StreamsBaseline start(
      KafkaSettings settings, Topics topics, RecordFormats formats, Bundle bundle) {
    TemporaryFolder state = TemporaryFolder.create("dimee-bench");
    WholeModel model = null;
    try {
      model = new WholeModel(bundle, formats.of(TextEvent.class));
      WholeModel answering = model;
      StreamsBuilder builder = new StreamsBuilder();
      builder.stream(topics.events(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
          .mapValues(event -> answering.answer(topics.events(), List.of(event)).get(0))
          .to(topics.predictions(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
      Properties properties = settings.streams(topics.prefix() + "streams", Delivery.EXACTLY_ONCE);
      properties.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
      return new StreamsBaseline(
          topics, model, state, new KafkaStreams(builder.build(), properties));
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      state.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "streams, one by one";
  }

  @Override
  public Topics topics() {
    return topics;
  }

  @Override
  public int label(byte[] answer) {
    return WholeModel.label(answer);
  }

  @Override
  public void throwIfFailed() {
    if (failure.get() != null) {
      throw new IllegalStateException("the streams baseline failed", failure.get());
    }
  }

  @Override
  public void close() {
    streams.close();
    model.close();
    state.close();
  }
}
