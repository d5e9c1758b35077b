package io.dimee.topology.tier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.HiddenState;
import io.dimee.avro.HiddenStateCodec;
import io.dimee.avro.Hop;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.worker.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tasks that are well formed and mean nothing: each becomes one answer, task or dead letter, in
 * order, whatever the others of its batch are.
 */
class TaskProcessorFuzzTest {
  private static final int BATCH = 8;
  private static TestModel test;
  private static SegmentSet model;

  @BeforeContainer
  static void load() {
    test = new TestModel();
    model = test.load(Tier.EDGE);
  }

  @AfterContainer
  static void close() {
    model.close();
    test.close();
  }

  /** A value that is mostly right. */
  private static int number(Random random, int right) {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextInt();
      case 1 -> -1;
      case 2 -> right + 1;
      case 3 -> 0;
      default -> right;
    };
  }

  private static <T> T any(Random random, T[] values) {
    return List.of(values).get(random.nextInt(values.length));
  }

  private static InferenceTask task(Random random, String id) {
    int tokens = random.nextInt(40) == 0 ? 600 : random.nextInt(12);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < tokens; i++) {
      ids.add(number(random, random.nextInt(test.bundle.manifest().encoder().vocabulary())));
    }
    boolean isResumed = random.nextBoolean();
    return InferenceTask.newBuilder()
        .setEventId(id)
        .setModelId(random.nextInt(8) == 0 ? "other@1" : test.bundle.modelId())
        .setPolicy(random.nextInt(8) == 0 ? "none" : Policy.CASCADE.id())
        .setPool(any(random, Pool.values()))
        .setTokenIds(ids)
        .setPairStart(number(random, tokens))
        .setMinExitDepth(number(random, 1 + random.nextInt(2)))
        .setMaxExitDepth(number(random, 4))
        .setDepth(number(random, isResumed ? 1 : 0))
        .setHiddenState(isResumed == random.nextInt(12) > 0 ? state(random, tokens) : null)
        .setHops(random.nextBoolean() ? List.of() : List.of(hop(random)))
        .setGold(random.nextBoolean() ? null : random.nextInt())
        .setCreatedAt(Instant.ofEpochMilli(random.nextInt(4) == 0 ? Long.MIN_VALUE : 1))
        .setAttributes(Map.of())
        .build();
  }

  private static HiddenState state(Random random, int tokens) {
    HiddenStateCodec codec = any(random, HiddenStateCodec.values());
    int size = Math.min(tokens, 40) * 16 * (1 << random.nextInt(3));
    byte[] data = new byte[random.nextInt(6) == 0 ? random.nextInt(100) : size];
    if (random.nextInt(4) == 0) {
      random.nextBytes(data);
    }
    return HiddenState.newBuilder()
        .setCodec(codec)
        .setTokens(number(random, tokens))
        .setHidden(number(random, 16))
        .setData(ByteBuffer.wrap(data))
        .build();
  }

  private static Hop hop(Random random) {
    return Hop.newBuilder()
        .setTier(any(random, io.dimee.avro.Tier.values()))
        .setFromDepth(number(random, 0))
        .setToDepth(number(random, 1))
        .setLayersRun(number(random, 1))
        .setComputeCost(random.nextInt(4) == 0 ? Double.NaN : 3)
        .setOffloadCost(0)
        .build();
  }

  private static String outcomeOf(Output output) {
    String topic = output.record().topic();
    byte[] value = output.record().value();
    if (topic.equals(test.topics.predictions())) {
      return test.formats.of(Prediction.class).decode(topic, value).getId();
    }
    if (topic.equals(test.topics.deadLetters())) {
      return test.formats.of(DeadLetter.class).decode(topic, value).getEventId();
    }
    return test.formats.of(InferenceTask.class).decode(topic, value).getEventId();
  }

  @Property(tries = 200)
  void shouldGiveEveryTaskOneOutcome(@ForAll long seed) {
    // Given
    Random random = new Random(seed);
    TaskProcessor processor = test.processor(Tier.EDGE, model, HiddenCodec.FP16);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      String topic = test.topics.medium();
      String id = "e" + i;
      records.add(
          new ConsumerRecord<>(
              topic,
              0,
              i,
              id.getBytes(StandardCharsets.UTF_8),
              test.formats.of(InferenceTask.class).encode(topic, task(random, id))));
    }

    // When
    List<Output> outputs = processor.process(records, Set.of());

    // Then
    assertThat(outputs)
        .extracting(TaskProcessorFuzzTest::outcomeOf)
        .containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6", "e7");
  }
}
