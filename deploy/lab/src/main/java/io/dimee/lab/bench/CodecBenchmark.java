package io.dimee.lab.bench;

import io.dimee.avro.HiddenState;
import io.dimee.client.events.InputItem;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Tier;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.node.stages.ModelSource;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.HiddenCodec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Every codec on the hidden states that the mobile tier would hand on. */
final class CodecBenchmark {
  private static final int EVENTS = 500;
  private static final int WARM_UPS = 5;
  private static final double NANOS_PER_MICRO = 1e3;

  private final ModelSource source;
  private final List<TokenizedText> texts;
  private final int rounds;

  CodecBenchmark(ModelSource source, List<InputItem.Event> events, int rounds) {
    this.source = source;
    this.rounds = rounds;
    try (TextTokenizer tokenizer = TextTokenizer.of(source.bundle())) {
      this.texts =
          events.stream()
              .limit(EVENTS)
              .map(event -> tokenizer.tokenize(event.text(), event.pair()))
              .toList();
    }
  }

  List<CodecSpeed> run() {
    Map<HiddenCodec, Times> times = new EnumMap<>(HiddenCodec.class);
    for (HiddenCodec codec : HiddenCodec.values()) {
      times.put(codec, new Times(codec));
    }
    BundleManifest manifest = source.bundle().manifest();
    int last = manifest.tiers().cloud();
    List<Work> works =
        texts.stream()
            .map(text -> new Work(manifest.encoder(), text, 0, null, last, last))
            .toList();
    try (SegmentSet segments = source.load(Tier.MOBILE)) {
      EarlyExitModel mobile = segments.model();
      for (int round = -WARM_UPS; round < rounds; round++) {
        mobile.run(
            works,
            (states, offset, tokens, hidden) -> {
              times.values().forEach(t -> t.pass(states, offset, tokens, hidden));
              return null;
            });
        boolean measured = round >= 0;
        times.values().forEach(t -> t.endRound(measured));
      }
    }
    return times.values().stream().map(t -> t.result(manifest.encoder().hidden())).toList();
  }

  /** One codec's times. */
  private static final class Times {
    private final HiddenCodec codec;
    private final List<Double> encodeMicros = new ArrayList<>();
    private final List<Double> decodeMicros = new ArrayList<>();
    private FloatBuffer target = floats(0);
    private long encodeNanos;
    private long decodeNanos;
    private int states;

    Times(HiddenCodec codec) {
      this.codec = codec;
    }

    private static FloatBuffer floats(int count) {
      return ByteBuffer.allocateDirect(count * Float.BYTES)
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer();
    }

    void pass(FloatBuffer source, int offset, int tokens, int hidden) {
      if (target.capacity() < tokens * hidden) {
        target = floats(tokens * hidden);
      }
      long begin = System.nanoTime();
      HiddenState state = codec.encode(source, offset, tokens, hidden);
      long encoded = System.nanoTime();
      HiddenCodec.decode(state, tokens, hidden, target, 0);
      decodeNanos += System.nanoTime() - encoded;
      encodeNanos += encoded - begin;
      states++;
    }

    void endRound(boolean measured) {
      if (measured) {
        encodeMicros.add(encodeNanos / NANOS_PER_MICRO / states);
        decodeMicros.add(decodeNanos / NANOS_PER_MICRO / states);
      }
      encodeNanos = 0;
      decodeNanos = 0;
      states = 0;
    }

    CodecSpeed result(int hidden) {
      return new CodecSpeed(
          EnumNames.lower(codec),
          codec.encodedSize(1, hidden),
          Spread.of(encodeMicros),
          Spread.of(decodeMicros));
    }
  }
}
