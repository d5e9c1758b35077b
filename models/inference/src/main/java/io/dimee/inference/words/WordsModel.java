package io.dimee.inference.words;

import ai.onnxruntime.platform.Fp16Conversions;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.SafeTensors;
import io.dimee.inference.bundle.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The n-gram classifier: a weight for each n-gram and class. Immutable and thread-safe; {@link
 * WordsScorer} applies it.
 *
 * <p>Its file has a version, the n-grams' hashes in three bytes each, their inverse document
 * frequencies in fp16, weights in int8 with a scale a class, and biases. Weights are what the file
 * can hold from the start, so that a model answers the same before it is written and after.
 */
public final class WordsModel {
  /** Changes whenever a file would be read in another way, n-grams and their hash included. */
  private static final int VERSION = 1;

  private static final String VERSION_KEY = "words.version";
  private static final String HASHES_KEY = "words.hashes";
  private static final String RARITIES_KEY = "words.inverse_document_frequencies";
  private static final String WEIGHTS_KEY = "words.weights";
  private static final String SCALES_KEY = "words.scales";
  private static final String BIASES_KEY = "words.biases";
  private static final int HASH_BYTES = NgramReader.HASH_BITS / Byte.SIZE;
  private static final int BYTE_MASK = 0xff;
  private static final int FEWEST_CLASSES = 2;

  /** The code of weight 0. */
  private static final int ZERO = 128;

  private static final int MOST = 127;

  private final NgramVocabulary vocabulary;
  private final float[] scales;
  private final float[] biases;
  private final float[] weights;

  private WordsModel(NgramVocabulary vocabulary, float[] codes, float[] scales, float[] biases) {
    this.vocabulary = vocabulary;
    this.scales = scales;
    this.biases = biases;
    this.weights = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      weights[i] = (codes[i] - ZERO) * scales[i % scales.length];
    }
  }

  /**
   * Rounds a model to what its file can hold.
   *
   * @param weights row-major; [features, classes]
   * @param biases [classes]
   * @throws InvalidBundleException when they do not fit each other, or are not finite
   */
  public static WordsModel of(NgramVocabulary vocabulary, float[] weights, float[] biases) {
    int classes = biases.length;
    float[] scales = new float[classes];
    for (int i = 0; i < weights.length; i++) {
      int column = i % classes;
      scales[column] = Math.max(scales[column], Math.abs(weights[i]) / MOST);
    }
    return of(tensors(vocabulary, codes(weights, scales), scales, biases));
  }

  private static float[] codes(float[] weights, float[] scales) {
    float[] codes = new float[weights.length];
    for (int i = 0; i < codes.length; i++) {
      float scale = scales[i % scales.length];
      codes[i] = ZERO + (scale == 0 ? 0 : Math.round(weights[i] / scale));
    }
    return codes;
  }

  /** The content of a file. */
  private static Map<String, Tensor> tensors(
      NgramVocabulary vocabulary, float[] codes, float[] scales, float[] biases) {
    int features = vocabulary.size();
    int[] hashes = new int[features];
    float[] rarities = new float[features];
    for (int i = 0; i < features; i++) {
      hashes[i] = vocabulary.hash(i);
      rarities[i] = vocabulary.rarity(i);
    }
    int classes = scales.length;
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(VERSION_KEY, Tensor.of(new float[] {VERSION}, 1));
    tensors.put(HASHES_KEY, Tensor.of(split(hashes), features, HASH_BYTES));
    tensors.put(RARITIES_KEY, Tensor.of(halves(rarities), features));
    tensors.put(WEIGHTS_KEY, Tensor.of(codes, features, classes));
    tensors.put(SCALES_KEY, Tensor.of(scales, classes));
    tensors.put(BIASES_KEY, Tensor.of(biases.clone(), classes));
    return tensors;
  }

  private static float[] split(int[] hashes) {
    float[] bytes = new float[hashes.length * HASH_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (hashes[i / HASH_BYTES] >>> (i % HASH_BYTES * Byte.SIZE)) & BYTE_MASK;
    }
    return bytes;
  }

  private static float[] halves(float[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Fp16Conversions.fp16ToFloat(Fp16Conversions.floatToFp16(values[i]));
    }
    return rounded;
  }

  /**
   * Reads a model's file.
   *
   * @throws InvalidBundleException when it is not one; the message names the file and what is wrong
   */
  public static WordsModel read(Path file) throws IOException {
    Map<String, Tensor> tensors = SafeTensors.read(file);
    try {
      return of(tensors);
    } catch (InvalidBundleException e) {
      throw new InvalidBundleException(file + ": " + e.getMessage(), e);
    }
  }

  static WordsModel of(Map<String, Tensor> tensors) {
    float version = finite(tensors, VERSION_KEY, 1).get(0);
    if (version != VERSION) {
      throw new InvalidBundleException(
          "tensor %s is %s, but this program reads version %d"
              .formatted(VERSION_KEY, version, VERSION));
    }
    int features = tensor(tensors, RARITIES_KEY).values().remaining();
    int classes = tensor(tensors, BIASES_KEY).values().remaining();
    if (classes < FEWEST_CLASSES) {
      throw new InvalidBundleException(
          "tensor %s has %d values, expected one a class, at least %d"
              .formatted(BIASES_KEY, classes, FEWEST_CLASSES));
    }
    FloatBuffer bytes = finite(tensors, HASHES_KEY, features, HASH_BYTES);
    int[] hashes = new int[features];
    for (int i = 0; i < bytes.remaining(); i++) {
      hashes[i / HASH_BYTES] |= (int) bytes.get(i) << (i % HASH_BYTES * Byte.SIZE);
    }
    return new WordsModel(
        new NgramVocabulary(hashes, array(finite(tensors, RARITIES_KEY, features))),
        array(finite(tensors, WEIGHTS_KEY, features, classes)),
        array(finite(tensors, SCALES_KEY, classes)),
        array(finite(tensors, BIASES_KEY, classes)));
  }

  private static float[] array(FloatBuffer values) {
    float[] copy = new float[values.remaining()];
    values.get(0, copy);
    return copy;
  }

  private static Tensor tensor(Map<String, Tensor> tensors, String key) {
    Tensor tensor = tensors.get(key);
    if (tensor == null) {
      throw new InvalidBundleException("tensor %s is missing".formatted(key));
    }
    return tensor;
  }

  private static FloatBuffer finite(Map<String, Tensor> tensors, String key, int... shape) {
    FloatBuffer values = tensor(tensors, key).requireShape(key, shape).values().slice();
    for (int i = 0; i < values.remaining(); i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new InvalidBundleException(
            "tensor %s has the value %s at %d, expected a finite number"
                .formatted(key, values.get(i), i));
      }
    }
    return values;
  }

  /** Writes a file that {@link #read} reads. */
  public void write(Path file) throws IOException {
    SafeTensors.write(
        file, tensors(vocabulary, codes(weights, scales), scales, biases), WordsModel::precision);
  }

  private static SafeTensors.Precision precision(String key) {
    return switch (key) {
      case HASHES_KEY, WEIGHTS_KEY -> SafeTensors.Precision.U8;
      case RARITIES_KEY -> SafeTensors.Precision.F16;
      default -> SafeTensors.Precision.F32;
    };
  }

  /** Bytes that a feature takes in a file. */
  public static int bytesPerFeature(int classes) {
    return HASH_BYTES + Short.BYTES + classes;
  }

  /** Number of classes. */
  public int classes() {
    return biases.length;
  }

  /** The n-grams that have weights. */
  public NgramVocabulary vocabulary() {
    return vocabulary;
  }

  /** Adds a feature's weights, times its value, to logits; [classes]. */
  void add(int feature, float value, float[] logits) {
    int at = feature * logits.length;
    for (int i = 0; i < logits.length; i++) {
      logits[i] += value * weights[at + i];
    }
  }

  /** Starts logits with the biases; [classes]. */
  void start(float[] logits) {
    if (logits.length != biases.length) {
      throw new IllegalArgumentException(
          "%d logits for %d classes".formatted(logits.length, biases.length));
    }
    System.arraycopy(biases, 0, logits, 0, biases.length);
  }
}
