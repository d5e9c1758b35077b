package io.dimee.lab.model;

import io.dimee.avro.HiddenState;
import io.dimee.calibration.data.Example;
import io.dimee.calibration.fit.TrainingProgress;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.TierDepths;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.serdes.EnumNames;
import io.dimee.serdes.HiddenCodec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** Measures what carrying a hidden state in each encoding costs: bytes, accuracy, time. */
final class CodecTable {
  private static final double NANOS_PER_MICRO = 1e3;

  private final Bundle bundle;
  private final FileCache cache;
  private final int threads;

  CodecTable(Bundle bundle, FileCache cache, int threads) {
    this.bundle = bundle;
    this.cache = cache;
    this.threads = threads;
  }

  /**
   * One encoding.
   *
   * @param bytesPerToken payload bytes of a hidden state, a token
   * @param accuracy of the last exit when every event is cut at depth m and at depth n
   * @param accuracyChange against events that are never cut, in points
   * @param answersChanged events whose last exit names another class
   * @param largestChange of a probability
   * @param encodeMicros mean time to encode one event's state
   * @param decodeMicros mean time to check and decode it
   */
  record Row(
      String codec,
      double bytesPerToken,
      double accuracy,
      double accuracyChange,
      int answersChanged,
      double largestChange,
      double encodeMicros,
      double decodeMicros) {}

  List<Row> measure(List<Example> examples, TrainingProgress progress) {
    Architecture encoder = bundle.manifest().encoder();
    TierDepths tiers = bundle.manifest().tiers();
    List<TokenizedText> texts;
    try (TextTokenizer tokenizer = TextTokenizer.of(bundle)) {
      texts = examples.stream().map(e -> tokenizer.tokenize(e.text(), e.pair())).toList();
    }
    ModelFiles files = new ModelFiles(bundle, cache);
    HiddenCodec[] codecs = HiddenCodec.values();
    progress.start(codecs.length + 1L, 0);
    List<Row> rows = new ArrayList<>();
    try (SegmentSet segments = SegmentSet.load(bundle, files, tiers.cloud(), threads)) {
      EarlyExitModel cloud = segments.model();
      List<ExitReading> uncut = new ArrayList<>();
      for (Outcome<Object> outcome :
          cloud.run(
              texts.stream()
                  .map(t -> new Work(encoder, t, 0, null, tiers.cloud(), tiers.cloud()))
                  .toList(),
              (source, offset, tokens, hidden) -> null)) {
        uncut.add(((Outcome.Answered<Object>) outcome).answer());
      }
      progress.step(1, Double.NaN);
      for (HiddenCodec codec : codecs) {
        rows.add(
            new Passage(codec, encoder)
                .row(texts, examples, uncut, tiers.all().stream().map(segments::model).toList()));
        progress.step(rows.size() + 1L, Double.NaN);
      }
    }
    progress.end();
    return rows;
  }

  /** All events through all tiers with one encoding. */
  private static final class Passage {
    private final HiddenCodec codec;
    private final Architecture encoder;
    private long encodeNanos;
    private long decodeNanos;
    private int states;

    Passage(HiddenCodec codec, Architecture encoder) {
      this.codec = codec;
      this.encoder = encoder;
    }

    Row row(
        List<TokenizedText> texts,
        List<Example> examples,
        List<ExitReading> uncut,
        List<EarlyExitModel> tiers) {
      int last = tiers.get(2).deepest();
      List<Work> works =
          new ArrayList<>(
              texts.stream().map(t -> new Work(encoder, t, 0, null, last, last)).toList());
      for (EarlyExitModel tier : tiers.subList(0, 2)) {
        List<Outcome<HiddenState>> outcomes = tier.run(works, this::encode);
        for (int i = 0; i < works.size(); i++) {
          HiddenState state = ((Outcome.Unfinished<HiddenState>) outcomes.get(i)).hiddenState();
          TokenizedText text = texts.get(i);
          works.set(
              i,
              new Work(
                  encoder,
                  text,
                  tier.deepest(),
                  (target, offset) -> decode(state, text.ids().length, target, offset),
                  last,
                  last));
        }
      }
      List<Outcome<HiddenState>> outcomes = tiers.get(2).run(works, this::encode);
      int right = 0;
      int rightUncut = 0;
      int changed = 0;
      double largest = 0;
      for (int i = 0; i < examples.size(); i++) {
        ExitReading answer = ((Outcome.Answered<HiddenState>) outcomes.get(i)).answer();
        right += answer.label() == examples.get(i).label() ? 1 : 0;
        rightUncut += uncut.get(i).label() == examples.get(i).label() ? 1 : 0;
        changed += answer.label() == uncut.get(i).label() ? 0 : 1;
        for (int j = 0; j < answer.probabilities().length; j++) {
          largest =
              Math.max(
                  largest, Math.abs(answer.probabilities()[j] - uncut.get(i).probabilities()[j]));
        }
      }
      return new Row(
          EnumNames.lower(codec),
          codec.encodedSize(1, encoder.hidden()),
          (double) right / examples.size(),
          100.0 * (right - rightUncut) / examples.size(),
          changed,
          largest,
          encodeNanos / NANOS_PER_MICRO / states,
          decodeNanos / NANOS_PER_MICRO / states);
    }

    private HiddenState encode(FloatBuffer source, int offset, int tokens, int hidden) {
      long begin = System.nanoTime();
      HiddenState state = codec.encode(source, offset, tokens, hidden);
      encodeNanos += System.nanoTime() - begin;
      states++;
      return state;
    }

    private void decode(HiddenState state, int tokens, FloatBuffer target, int offset) {
      long begin = System.nanoTime();
      HiddenCodec.decode(state, tokens, encoder.hidden(), target, offset);
      decodeNanos += System.nanoTime() - begin;
    }
  }
}
