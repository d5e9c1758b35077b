package io.dimee.inference.words;

import java.util.Arrays;

/**
 * The features of one text at a time: TF-IDF of the n-grams that a vocabulary knows. A feature
 * weighs (1 + log count) times its inverse document frequency, a count of over 63 as 63, and the
 * features of an {@link NgramGroup} are scaled to length 1.
 *
 * <p>Reused from text to text; not thread-safe. Keeps one counter a feature.
 */
public final class TextFeatures {
  private static final int FIRST_CAPACITY = 256;
  private static final float[] LOGARITHMS = new float[64];

  static {
    for (int count = 1; count < LOGARITHMS.length; count++) {
      LOGARITHMS[count] = (float) (1 + Math.log(count));
    }
  }

  private final NgramVocabulary vocabulary;
  private final NgramReader reader = new NgramReader();
  private final NgramSink adding = this::add;
  private final int[] counts;
  private final double[] squares = new double[NgramGroup.COUNT];

  /** First the hashes of all n-grams, then the features of those that are known, each once. */
  private int[] features = new int[FIRST_CAPACITY];

  private byte[] groups = new byte[FIRST_CAPACITY];
  private float[] values = new float[FIRST_CAPACITY];
  private int size;

  /** Creates features of no text. */
  public TextFeatures(NgramVocabulary vocabulary) {
    this.vocabulary = vocabulary;
    this.counts = new int[vocabulary.size()];
  }

  /**
   * Replaces the content.
   *
   * @param pair the second text of a pair, or null
   */
  public void read(String text, String pair) {
    size = 0;
    reader.read(text, pair, adding);
    keepKnown();
    Arrays.fill(squares, 0);
    for (int i = 0; i < size; i++) {
      int feature = features[i];
      int count = Math.min(counts[feature], LOGARITHMS.length - 1);
      counts[feature] = 0;
      float value = LOGARITHMS[count] * vocabulary.rarity(feature);
      values[i] = value;
      squares[groups[i]] += (double) value * value;
    }
    for (int i = 0; i < size; i++) {
      values[i] /= (float) Math.sqrt(squares[groups[i]]);
    }
  }

  private void add(NgramGroup group, int hash) {
    if (size == features.length) {
      features = Arrays.copyOf(features, 2 * size);
      groups = Arrays.copyOf(groups, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    groups[size] = (byte) group.index();
    features[size++] = hash;
  }

  /** Looks all up in a loop of its own, so that the processor waits for many places at once. */
  private void keepKnown() {
    for (int i = 0; i < size; i++) {
      features[i] = vocabulary.find(features[i]);
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int feature = features[i];
      if (feature >= 0 && counts[feature]++ == 0) {
        groups[kept] = groups[i];
        features[kept++] = feature;
      }
    }
    size = kept;
  }

  /** How many features the text has. */
  public int size() {
    return size;
  }

  /** One of the text's features, in the order in which they first stand in the text. */
  public int feature(int index) {
    return features[index];
  }

  /** The weight of {@code feature(index)}. */
  public float value(int index) {
    return values[index];
  }
}
