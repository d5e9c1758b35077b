package io.dimee.serdes;

import io.dimee.avro.Cost;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.ExitCount;
import io.dimee.avro.ExitReading;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Replay;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.avro.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;

/** Records and matrices that tests start from. */
final class Samples {
  /** Of single-object encoding. */
  private static final int HEADER = 10;

  private Samples() {}

  static TextEvent event() {
    return TextEvent.newBuilder()
        .setId("e-1")
        .setText("A quiet film — 好看 🙂 — that stays with you.")
        .setTextPair("It is memorable.")
        .setLabel("positive")
        .setCreatedAt(Instant.ofEpochMilli(1_790_000_000_123L))
        .setAttributes(Map.of("source", "kiosk", "language", "en"))
        .build();
  }

  static InferenceTask task() {
    int tokens = 7;
    Hop hop =
        Hop.newBuilder()
            .setTier(Tier.MOBILE)
            .setFromDepth(0)
            .setToDepth(3)
            .setLayersRun(3)
            .setExits(List.of(new ExitReading(3, 1, 0.61f)))
            .setComputeCost(3)
            .setOffloadCost(0)
            .build();
    return InferenceTask.newBuilder()
        .setEventId("e-1")
        .setModelId("sst2@0123456789abcdef")
        .setPool(Pool.EASY)
        .setTokenIds(IntStream.range(100, 100 + tokens).boxed().toList())
        .setPairStart(tokens)
        .setMinExitDepth(3)
        .setMaxExitDepth(12)
        .setDepth(3)
        .setHiddenState(HiddenCodec.FP16.encode(matrix(tokens * 8, 1), 0, tokens, 8))
        .setHops(List.of(hop))
        .setGold(1)
        .setCreatedAt(Instant.ofEpochMilli(1_790_000_000_123L))
        .setAttributes(Map.of("source", "kiosk"))
        .build();
  }

  static Prediction prediction() {
    InferenceTask task = task();
    return Prediction.newBuilder()
        .setId(task.getEventId())
        .setLabel(1)
        .setLabelName("positive")
        .setProbabilities(List.of(0.1f, 0.9f))
        .setConfidence(0.9f)
        .setTier(Tier.MOBILE)
        .setPool(Pool.EASY)
        .setExitDepth(3)
        .setLayersRun(3)
        .setCost(new Cost(3d, 0d, 3d, 17d))
        .setBytesOffloaded(0)
        .setModelId(task.getModelId())
        .setCreatedAt(task.getCreatedAt())
        .setPredictedAt(task.getCreatedAt())
        .setHops(task.getHops())
        .setAttributes(task.getAttributes())
        .build();
  }

  static LedgerEntry ledgerEntry() {
    return LedgerEntry.newBuilder()
        .setWindowStart(Instant.ofEpochMilli(1_790_000_040_000L))
        .setWindowEnd(Instant.ofEpochMilli(1_790_000_100_000L))
        .setTier(Tier.EDGE)
        .setPool(Pool.HARD)
        .setPolicy("cascade")
        .setModelId("sst2@0123456789abcdef")
        .setCount(3)
        .setSpilled(0)
        .setCost(24)
        .setCloudOnlyCost(51)
        .setBytesOffloaded(7_000)
        .setLayersRun(15)
        .setConfidences(List.of(0L, 1L, 2L))
        .setExits(List.of(new ExitCount(5, 3L, 2L, 1L)))
        .build();
  }

  static Replay replay() {
    return Replay.newBuilder()
        .setDeadLetterPartition(1)
        .setDeadLetterOffset(5)
        .setTopic("dimee.events")
        .setPartition(2)
        .setOffset(17)
        .setReplayedAt(Instant.ofEpochMilli(1_790_000_000_123L))
        .build();
  }

  /**
   * A record in single-object encoding, as a build with another version of its schema writes it.
   */
  static byte[] asWrittenWith(Schema version, SpecificRecord sample) {
    try {
      byte[] current = encode(sample);
      GenericRecord record =
          new GenericDatumReader<GenericRecord>(sample.getSchema(), version)
              .read(
                  null,
                  DecoderFactory.get()
                      .binaryDecoder(current, HEADER, current.length - HEADER, null));
      return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), version)
          .encode(record)
          .array();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
  }

  @SuppressWarnings("unchecked") // the format is of the record's own class
  private static <T extends SpecificRecord> byte[] encode(T record) {
    return new SingleObjectFormats().of((Class<T>) record.getClass()).encode("any", record);
  }

  static DeadLetter deadLetter() {
    return DeadLetter.newBuilder()
        .setEventId("e-1")
        .setStage(Stage.ROUTER)
        .setReason(Reason.BLANK_TEXT)
        .setMessage("the text is blank")
        .setTopic("dimee.events")
        .setPartition(2)
        .setOffset(17)
        .setPayloadSize(3)
        .setPayloadHead(ByteBuffer.wrap(new byte[] {1, 2, 3}))
        .setFailedAt(Instant.ofEpochMilli(1_790_000_000_123L))
        .build();
  }

  /** Values like a hidden state's, in native memory as the inference runtime hands them over. */
  static FloatBuffer matrix(int values, long seed) {
    Random random = new Random(seed);
    FloatBuffer matrix = direct(values);
    for (int i = 0; i < values; i++) {
      matrix.put(i, (float) random.nextGaussian());
    }
    return matrix;
  }

  static FloatBuffer direct(int values) {
    return ByteBuffer.allocateDirect(values * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
