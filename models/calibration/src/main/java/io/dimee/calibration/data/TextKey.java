package io.dimee.calibration.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tells texts apart that differ in more than case, white space and ways to write a character. */
final class TextKey {
  private static final Pattern SPACE = Pattern.compile("[\\s\\p{Cntrl}]+");

  private TextKey() {}

  /** Half of a hash: among a million texts, two get the same with a chance of 3e-8. */
  static long of(String text, String pair) {
    return hash(pair == null ? normalized(text) : normalized(text) + "\t" + normalized(pair));
  }

  private static String normalized(String text) {
    String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return SPACE.matcher(plain).replaceAll(" ").strip();
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
