package io.dimee.client.deadletters;

import io.dimee.avro.DeadLetter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The head of a dead letter's payload, for people. */
public final class PayloadText {
  private PayloadText() {}

  /** The bytes themselves. */
  static byte[] bytes(DeadLetter letter) {
    ByteBuffer head = letter.getPayloadHead().duplicate();
    byte[] bytes = new byte[head.remaining()];
    head.get(bytes);
    return bytes;
  }

  /** The bytes as text, with a dot for what no terminal should be sent. */
  public static String of(DeadLetter letter) {
    return new String(bytes(letter), StandardCharsets.UTF_8).replaceAll("\\p{C}|\\uFFFD", ".");
  }
}
