package io.dimee.lab.bench;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.inference.bundle.Exit;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.UnmodifiedModel;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.node.stages.ModelSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * All layers on full batches, without any early answer: the unmodified graph, and the bundle's
 * segments in the precisions that it can be computed in.
 */
final class LayerBenchmark {
  static final String FP32 = "segments fp32";
  static final String INT8 = "segments int8";

  private static final int TOKENS_PER_BATCH = 1_024;
  private static final List<Integer> LENGTHS = List.of(16, 32, 128);
  private static final String UNMODIFIED = "unmodified fp32";
  private static final int WARM_UPS = 2;

  /** Word pieces that are whole words in every BERT vocabulary. */
  private static final int FIRST_WORD = 2_000;

  private static final int LAST_WORD = 20_000;
  private static final int CLS = 101;
  private static final int SEP = 102;

  private final ModelSource source;
  private final int rounds;

  LayerBenchmark(ModelSource source, int rounds) {
    this.source = source;
    this.rounds = rounds;
  }

  List<LayerSpeed> run() {
    List<LayerSpeed> rows = new ArrayList<>();
    Bundle bundle = source.bundle();
    try (UnmodifiedModel unmodified = UnmodifiedModel.load(bundle);
        SegmentSet fp32 = load(bundle.inFp32());
        // no resource where there is nothing to compare with
        SegmentSet int8 = bundle.ranges().isPresent() ? load(bundle) : null) {
      for (int length : LENGTHS) {
        List<TokenizedText> texts = texts(length);
        Map<String, Runnable> models = new LinkedHashMap<>();
        models.put(UNMODIFIED, () -> unmodified.answer(texts));
        EarlyExitModel exact = fp32.model();
        models.put(FP32, () -> run(exact, texts));
        if (int8 != null) {
          EarlyExitModel rounded = int8.model();
          models.put(INT8, () -> run(rounded, texts));
        }
        rows.addAll(measure(length, texts.size(), models));
      }
    }
    return rows;
  }

  /** Exits only where tiers end, none of which answers before the last. */
  private SegmentSet load(Bundle bundle) {
    int last = bundle.manifest().tiers().cloud();
    Bundle silent =
        bundle.withExits(
            bundle.manifest().tiers().all().stream().map(d -> new Exit(d, 1, 1)).toList());
    return SegmentSet.load(silent, new ModelFiles(silent, source.cache()), last, source.threads());
  }

  private void run(EarlyExitModel model, List<TokenizedText> texts) {
    BundleManifest manifest = source.bundle().manifest();
    int last = manifest.tiers().cloud();
    model.run(
        texts.stream()
            .map(text -> new Work(manifest.encoder(), text, 0, null, last, last))
            .toList(),
        (s, o, t, h) -> null);
  }

  private List<LayerSpeed> measure(int length, int texts, Map<String, Runnable> models) {
    Map<String, List<Double>> perSecond = new LinkedHashMap<>();
    Map<String, List<Double>> ratios = new LinkedHashMap<>();
    for (int round = -WARM_UPS; round < rounds; round++) {
      double unmodified = Double.NaN;
      for (Map.Entry<String, Runnable> model : models.entrySet()) {
        long begin = System.nanoTime();
        model.getValue().run();
        double rate = texts / ((System.nanoTime() - begin) / Load.NANOS_PER_SECOND);
        unmodified = model.getKey().equals(UNMODIFIED) ? rate : unmodified;
        if (round >= 0) {
          perSecond.computeIfAbsent(model.getKey(), name -> new ArrayList<>()).add(rate);
          ratios.computeIfAbsent(model.getKey(), name -> new ArrayList<>()).add(rate / unmodified);
        }
      }
    }
    return perSecond.keySet().stream()
        .map(
            name ->
                new LayerSpeed(
                    name, length, Spread.of(perSecond.get(name)), Spread.of(ratios.get(name))))
        .toList();
  }

  /** A full batch of made-up texts of one length. */
  static List<TokenizedText> texts(int length) {
    Random random = new Random(length);
    List<TokenizedText> texts = new ArrayList<>();
    for (int i = 0; i < TOKENS_PER_BATCH / length; i++) {
      int[] ids = random.ints(length, FIRST_WORD, LAST_WORD).toArray();
      ids[0] = CLS;
      ids[length - 1] = SEP;
      texts.add(new TokenizedText(ids, length, false));
    }
    return texts;
  }
}
