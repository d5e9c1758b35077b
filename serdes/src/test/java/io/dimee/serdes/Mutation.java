package io.dimee.serdes;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** Spoils bytes as transmission, other formats and attackers do. */
final class Mutation {
  private static final int MOST_CHANGES = 6;
  private static final int LONGEST_VARINT = 10;

  /** Lengths and indices at and beyond what they can be, once a varint takes them apart. */
  private static final byte[] EXTREMES = {0, 1, 2, 3, 0x7E, 0x7F, (byte) 0x80, (byte) 0xFE, -1};

  private final Random random;

  Mutation(Random random) {
    this.random = random;
  }

  /**
   * Returns other bytes, or by chance the same.
   *
   * @param other a record from which parts may come
   */
  byte[] of(byte[] bytes, byte[] other) {
    byte[] mutated = bytes.clone();
    int changes = random.nextInt(MOST_CHANGES + 1);
    for (int i = 0; i < changes; i++) {
      mutated = change(mutated, other);
    }
    return mutated;
  }

  private byte[] change(byte[] bytes, byte[] other) {
    int at = random.nextInt(bytes.length + 1);
    int end = at + random.nextInt(bytes.length - at + 1);
    return switch (random.nextInt(7)) {
      case 0 -> flip(bytes, at);
      case 1 -> splice(bytes, at, Math.min(bytes.length, at + 1), extreme());
      case 2 -> splice(bytes, at, at, random(random.nextInt(32)));
      case 3 -> splice(bytes, at, end, new byte[0]);
      case 4 -> splice(bytes, at, at, part(bytes));
      case 5 -> splice(bytes, at, end, part(other));
      default -> splice(bytes, at, Math.min(bytes.length, at + 1), varint());
    };
  }

  private byte[] flip(byte[] bytes, int at) {
    if (at == bytes.length) {
      return bytes;
    }
    byte[] flipped = bytes.clone();
    flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return flipped;
  }

  private byte[] extreme() {
    return new byte[] {EXTREMES[random.nextInt(EXTREMES.length)]};
  }

  private byte[] varint() {
    byte[] bytes = random(1 + random.nextInt(LONGEST_VARINT));
    for (int i = 0; i < bytes.length - 1; i++) {
      bytes[i] |= (byte) 0x80;
    }
    return bytes;
  }

  private byte[] random(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] part(byte[] bytes) {
    int begin = random.nextInt(bytes.length + 1);
    int length = random.nextInt(bytes.length - begin + 1);
    byte[] part = new byte[length];
    System.arraycopy(bytes, begin, part, 0, length);
    return part;
  }

  private static byte[] splice(byte[] bytes, int begin, int end, byte[] middle) {
    ByteArrayOutputStream spliced = new ByteArrayOutputStream(bytes.length + middle.length);
    spliced.write(bytes, 0, begin);
    spliced.writeBytes(middle);
    spliced.write(bytes, end, bytes.length - end);
    return spliced.toByteArray();
  }
}
