package io.dimee.topology.ledger;

import io.dimee.avro.Cost;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Tier;
import io.dimee.serdes.RecordFormat;
import io.dimee.serdes.SingleObjectFormats;
import java.time.Instant;
import java.util.List;

/** Predictions that tests start from. */
final class Predictions {
  static final SingleObjectFormats FORMATS = new SingleObjectFormats();

  /** Avro builds no record of ours before a format of one is made. */
  static final RecordFormat<Prediction> FORMAT = FORMATS.of(Prediction.class);

  static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private Predictions() {}

  /** One of the edge tier. */
  static Prediction edge(String id) {
    return Prediction.newBuilder()
        .setId(id)
        .setLabel(1)
        .setLabelName("positive")
        .setProbabilities(List.of(0.1f, 0.9f))
        .setConfidence(0.9f)
        .setTier(Tier.EDGE)
        .setPool(Pool.MEDIUM)
        .setPolicy("cascade")
        .setExitDepth(5)
        .setLayersRun(5)
        .setCost(new Cost(5d, 3d, 8d, 17d))
        .setBytesOffloaded(3_850)
        .setModelId("sst2@a")
        .setCreatedAt(NOON.minusMillis(200))
        .setPredictedAt(NOON)
        .setGold(1)
        .setHops(List.of())
        .build();
  }
}
