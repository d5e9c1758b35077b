package io.dimee.lab.bench;

import io.dimee.avro.Prediction;
import io.dimee.node.stages.LocalPipeline;
import io.dimee.node.stages.ModelSource;
import io.dimee.serdes.RecordFormats;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.tracing.Telemetry;
import java.util.Map;

/** Router and three tiers. */
final class OwnPipeline implements Contestant {
  private final String name;
  private final Topics topics;
  private final RecordFormats formats;
  private final LocalPipeline pipeline;

  private OwnPipeline(String name, Topics topics, RecordFormats formats, LocalPipeline pipeline) {
    this.name = name;
    this.topics = topics;
    this.formats = formats;
    this.pipeline = pipeline;
  }

  static OwnPipeline start(
      String name,
      String bootstrapServers,
      ModelSource source,
      Policy policy,
      RecordFormats formats)
      throws InterruptedException {
    Topics topics = new Topics("bench-" + name.replace(' ', '-') + ".");
    return new OwnPipeline(
        name,
        topics,
        formats,
        LocalPipeline.start(
            new Connection(new KafkaSettings(bootstrapServers, Map.of()), topics, formats),
            source,
            Delivery.EXACTLY_ONCE,
            policy,
            Telemetry.off()));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Topics topics() {
    return topics;
  }

  @Override
  public int label(byte[] answer) {
    return formats.of(Prediction.class).decode(topics.predictions(), answer).getLabel();
  }

  @Override
  public void throwIfFailed() {
    pipeline.throwIfFailed();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
