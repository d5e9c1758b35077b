package io.dimee.deploy.bench;

import io.dimee.deploy.TemporaryFolder;
import io.dimee.topology.Delivery;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
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

  /** Starts on topics that exist; it owns the model. */
  StreamsBaseline(KafkaSettings settings, Topics topics, WholeModel model) {
    this.topics = topics;
    this.model = model;
    this.state = TemporaryFolder.create("dimee-bench");
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(topics.events(), Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
        .mapValues(event -> model.answer(topics.events(), List.of(event)).get(0))
        .to(topics.predictions(), Produced.with(Serdes.ByteArray(), Serdes.ByteArray()));
    Properties properties = settings.streams(topics.prefix() + "streams", Delivery.EXACTLY_ONCE);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state.path().toString());
    this.streams = new KafkaStreams(builder.build(), properties);
    streams.setUncaughtExceptionHandler(
        e -> {
          failure.set(e);
          return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    streams.start();
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
