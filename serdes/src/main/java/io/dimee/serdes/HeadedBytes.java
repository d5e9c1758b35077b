package io.dimee.serdes;

import java.io.ByteArrayOutputStream;

/** Grows behind a magic byte and an id. */
final class HeadedBytes extends ByteArrayOutputStream {
  private static final int BYTES = 512;

  HeadedBytes(byte magic, int id) {
    super(BYTES);
    write(magic);
    write(id >>> 24);
    write(id >>> 16);
    write(id >>> 8);
    write(id);
  }
}
