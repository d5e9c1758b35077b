package io.dimee.inference.words;

import java.text.Normalizer;

/**
 * A text as its n-grams see it, in UTF-8: Unicode's NFKC, small letters, runs of white space and
 * control characters as one space, format characters (such as joiners) left out, a space before and
 * after. Reused from text to text; not thread-safe.
 */
final class NormalText {
  /** UTF-16 units of a text that are read; what follows is ignored, so that work is bounded. */
  static final int LONGEST = 2_000;

  private static final int MOST_BYTES = 4;
  private static final int FIRST_NON_ASCII = 0x80;
  private static final int REPLACEMENT = 0xfffd;

  /** Each UTF-16 unit is at most three bytes; a surrogate pair is four. */
  private final byte[] bytes = new byte[3 * LONGEST + MOST_BYTES + 2];

  private final int[] starts = new int[LONGEST + 3];
  private final boolean[] inWord = new boolean[LONGEST + 3];
  private int size;

  /** Replaces the content. */
  void set(String text) {
    int end = Math.min(text.length(), LONGEST);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String source = text;
    if (!isAscii(text, end)) {
      source = compatible(text.substring(0, end));
      end = Math.min(source.length(), LONGEST);
    }
    size = 0;
    starts[0] = 0;
    append(' ', false);
    for (int i = 0; i < end; ) {
      int point = source.codePointAt(i);
      i += Character.charCount(point);
      add(Character.toLowerCase(point));
    }
    if (!isSpace(size - 1)) {
      append(' ', false);
    }
  }

  private static boolean isAscii(String text, int end) {
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) >= FIRST_NON_ASCII) {
        return false;
      }
    }
    return true;
  }

  private static String compatible(String text) {
    return Normalizer.isNormalized(text, Normalizer.Form.NFKC)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  private void add(int point) {
    switch (Character.getType(point)) {
      case Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.CONTROL -> {
        if (!isSpace(size - 1)) {
          append(' ', false);
        }
      }
      case Character.FORMAT -> {}
      case Character.SURROGATE -> append(REPLACEMENT, false);
      case Character.NON_SPACING_MARK,
          Character.COMBINING_SPACING_MARK,
          Character.ENCLOSING_MARK,
          Character.DECIMAL_DIGIT_NUMBER,
          Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          append(point, true);
      default -> append(point, false);
    }
  }

  private void append(int point, boolean ofWord) {
    inWord[size] = ofWord;
    int at = starts[size];
    if (point < FIRST_NON_ASCII) {
      bytes[at++] = (byte) point;
    } else if (point < 0x800) {
      bytes[at++] = (byte) (0xc0 | (point >> 6));
      bytes[at++] = continued(point);
    } else if (point < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
      bytes[at++] = (byte) (0xe0 | (point >> 12));
      bytes[at++] = continued(point >> 6);
      bytes[at++] = continued(point);
    } else {
      bytes[at++] = (byte) (0xf0 | (point >> 18));
      bytes[at++] = continued(point >> 12);
      bytes[at++] = continued(point >> 6);
      bytes[at++] = continued(point);
    }
    size++;
    starts[size] = at;
  }

  private static byte continued(int bits) {
    return (byte) (0x80 | (bits & 0x3f));
  }

  /** Code points, the spaces at both ends included. */
  int size() {
    return size;
  }

  /** Where the bytes of a code point begin; those of the last end at {@code start(size())}. */
  int start(int index) {
    return starts[index];
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether a code point is a letter, a digit, or a mark on one. */
  boolean isInWord(int index) {
    return inWord[index];
  }

  boolean isSpace(int index) {
    return bytes[starts[index]] == ' ';
  }
}
