package io.dimee.serdes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's decoder over one array, with four rules of its own.
 *
 * <ul>
 *   <li>All arrays and maps of a record together hold no more items than the record has bytes. Avro
 *       itself checks strings and byte fields, and items that take bytes, against what is left of
 *       the array; the number of items that take none is only held to a share of the heap.
 *   <li>Arrays that are read hold {@value #MOST_ITEMS} items at most, all of them together, and
 *       maps {@value #MOST_ENTRIES} entries: many times what any record of ours holds. Each is an
 *       object or several, which take up to fifty times its bytes.
 *   <li>Strings are UTF-8. Avro itself would put U+FFFD in the place of what is not.
 *   <li>Skipped strings and byte fields have lengths as read ones do. Avro itself takes a negative
 *       length for 0.
 * </ul>
 *
 * One instance reads one record, in one thread.
 */
final class StrictDecoder extends Decoder {
  private static final char REPLACEMENT = '\uFFFD';
  private static final int MOST_ITEMS = 65_536;
  private static final int MOST_ENTRIES = 1_024;

  private final BinaryDecoder decoder;
  private final Utf8 scratch = new Utf8();
  private long itemsLeft;
  private long items;
  private long entries;

  StrictDecoder(byte[] bytes, int offset) {
    this.decoder = DecoderFactory.get().binaryDecoder(bytes, offset, bytes.length - offset, null);
    this.itemsLeft = decoder.remainingBytes();
  }

  private long claim(long items) {
    if (items > itemsLeft) {
      throw new AvroRuntimeException(
          "an array or map claims %d items, more than the record has bytes".formatted(items));
    }
    itemsLeft -= items;
    return items;
  }

  private long claimItems(long more) {
    items += claim(more);
    if (items > MOST_ITEMS) {
      throw new OvergrownException("its arrays hold more than %d items".formatted(MOST_ITEMS));
    }
    return more;
  }

  private long claimEntries(long more) {
    entries += claim(more);
    if (entries > MOST_ENTRIES) {
      throw new OvergrownException("its maps hold more than %d entries".formatted(MOST_ENTRIES));
    }
    return more;
  }

  /** A record that may be well formed, and holds more than is read. */
  static final class OvergrownException extends AvroRuntimeException {
    OvergrownException(String message) {
      super(message);
    }
  }

  @Override
  public String readString() throws IOException {
    Utf8 bytes = decoder.readString(scratch);
    String text = bytes.toString();
    if (text.indexOf(REPLACEMENT) >= 0 && !isEncodingOf(bytes, text)) {
      throw new AvroRuntimeException("a string is not UTF-8");
    }
    return text;
  }

  private static boolean isEncodingOf(Utf8 bytes, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.equals(encoded, 0, encoded.length, bytes.getBytes(), 0, bytes.getByteLength());
  }

  @Override
  public long readArrayStart() throws IOException {
    return claimItems(decoder.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return claimItems(decoder.arrayNext());
  }

  @Override
  public long skipArray() throws IOException {
    return claim(decoder.skipArray());
  }

  @Override
  public long readMapStart() throws IOException {
    return claimEntries(decoder.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return claimEntries(decoder.mapNext());
  }

  @Override
  public long skipMap() throws IOException {
    return claim(decoder.skipMap());
  }

  @Override
  public void readNull() throws IOException {
    decoder.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return decoder.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return decoder.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return decoder.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return decoder.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return decoder.readDouble();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return decoder.readString(old);
  }

  @Override
  public void skipString() throws IOException {
    skipBytes();
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return decoder.readBytes(old);
  }

  @Override
  public void skipBytes() throws IOException {
    long length = decoder.readLong();
    if (length < 0 || length > remainingBytes()) {
      throw new AvroRuntimeException(
          "a skipped field claims %d bytes of %d".formatted(length, remainingBytes()));
    }
    decoder.skipFixed((int) length);
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    decoder.readFixed(bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    decoder.skipFixed(length);
  }

  @Override
  public int readEnum() throws IOException {
    return decoder.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return decoder.readIndex();
  }

  @Override
  public int remainingBytes() {
    return decoder.remainingBytes();
  }
}
