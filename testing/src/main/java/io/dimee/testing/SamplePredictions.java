package io.dimee.testing;

import io.dimee.avro.Cost;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.RecordFormats;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Predictions as a cascade makes them: one hop to three, an exit after every layer. */
public final class SamplePredictions {
  private static final int TRANSACTION = 20_000;
  private static final int SECONDS_BETWEEN = 2;
  private static final int CLOUD_ONLY = 17;
  private static final int LAYERS = 3;

  private SamplePredictions() {}

  /**
   * The i-th: from the mobile tier for i mod 4 of 0 and 1, the edge for 2, the cloud for 3; costs
   * 3, 9 or 18; every tenth is wrong.
   *
   * @param begin of the first; each is 2 s after the one before
   */
  public static Prediction of(int i, Instant begin) {
    int depth = Math.max(0, i % 4 - 1);
    Tier[] tiers = {Tier.MOBILE, Tier.EDGE, Tier.CLOUD};
    List<Hop> hops = new ArrayList<>();
    int layer = 0;
    for (int tier = 0; tier <= depth; tier++) {
      int to = tier == 2 ? 12 : layer + LAYERS;
      hops.add(hop(tiers[tier], layer, to));
      layer = to;
    }
    double offload = 3.0 * depth;
    Instant created = begin.plusSeconds((long) SECONDS_BETWEEN * i);
    return Prediction.newBuilder()
        .setId("review-%08d".formatted(i))
        .setLabel(i % 2)
        .setLabelName(i % 2 == 0 ? "negative" : "positive")
        .setProbabilities(List.of(i % 2 == 0 ? 0.9f : 0.1f, i % 2 == 0 ? 0.1f : 0.9f))
        .setConfidence(0.9f)
        .setTier(tiers[depth])
        .setPool(new Pool[] {Pool.EASY, Pool.MEDIUM, Pool.HARD}[i % 3])
        .setPoolDistances(List.of(0.25f, 0.5f, 1 + i % 7 / 8f))
        .setPolicy("cascade")
        .setExitDepth(layer)
        .setLayersRun(layer)
        .setCost(new Cost((double) layer, offload, layer + offload, (double) CLOUD_ONLY))
        .setBytesOffloaded(depth * 18_432L)
        .setModelId("sst2@0123456789abcdef")
        .setCreatedAt(created)
        .setPredictedAt(created.plusMillis(100 + i % 50))
        .setGold(i % 10 == 0 ? 1 - i % 2 : i % 2)
        .setHops(hops)
        .setAttributes(Map.of("source", "kiosk-" + i % 5))
        .build();
  }

  private static Hop hop(Tier tier, int from, int to) {
    List<ExitReading> exits = new ArrayList<>();
    for (int depth = from + 1; depth <= to; depth++) {
      exits.add(new ExitReading(depth, 1, 0.5f + depth / 32f));
    }
    return Hop.newBuilder()
        .setTier(tier)
        .setFromDepth(from)
        .setToDepth(to)
        .setLayersRun(to - from)
        .setExits(exits)
        .setComputeMs(1.25 * (to - from))
        .setBatchSize(16)
        .setBytesIn(from == 0 ? 0 : 18_432)
        .setComputeCost((double) (to - from))
        .setOffloadCost(from == 0 ? 0.0 : 3.0)
        .build();
  }

  /**
   * Writes the first so many, in transactions, as tiers do.
   *
   * @param producer with a transactional id, and no transaction yet
   */
  public static void write(
      Producer<byte[], byte[]> producer,
      String topic,
      RecordFormats formats,
      int count,
      Instant begin) {
    RecordFormat<Prediction> format = formats.of(Prediction.class);
    producer.initTransactions();
    for (int i = 0; i < count; i++) {
      if (i % TRANSACTION == 0) {
        producer.beginTransaction();
      }
      Prediction prediction = of(i, begin);
      // the commit fails when a send has
      Future<?> unused =
          producer.send(
              new ProducerRecord<>(
                  topic,
                  prediction.getId().getBytes(StandardCharsets.UTF_8),
                  format.encode(topic, prediction)));
      if (i % TRANSACTION == TRANSACTION - 1 || i == count - 1) {
        producer.commitTransaction();
      }
    }
  }
}
