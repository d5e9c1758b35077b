package io.dimee.calibration.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;

/** Tells texts apart that differ in more than case, white space and ways to write a character. */
final class TextKey {
  private TextKey() {}

  /** Half of a hash: among a million texts, two get the same with a chance of 3e-8. */
  static long of(String text, String pair) {
    return hash(pair == null ? normalized(text) : normalized(text) + "\t" + normalized(pair));
  }

  private static String normalized(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .toLowerCase(Locale.ROOT)
        .replaceAll("[\\s\\p{Cntrl}]+", " ")
        .strip();
  }

  private static long hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
