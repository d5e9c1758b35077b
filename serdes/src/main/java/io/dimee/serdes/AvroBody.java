package io.dimee.serdes;

import java.io.EOFException;
import java.io.IOException;
import org.apache.avro.io.DatumReader;

/** Reads Avro's binary encoding behind a header, and says what is wrong with it. */
final class AvroBody {
  /** Avro's messages may quote a whole schema. */
  private static final int MOST_CHARACTERS = 500;

  private AvroBody() {}

  /**
   * Decodes all bytes behind a header.
   *
   * @param name of the type of record, for messages
   */
  static <T> T decode(DatumReader<T> reader, String topic, String name, byte[] bytes, int header) {
    StrictDecoder decoder = new StrictDecoder(bytes, header);
    T value;
    try {
      value = reader.read(null, decoder);
    } catch (EOFException e) {
      throw unreadable(topic, name, "it ends too early, after %d bytes".formatted(bytes.length), e);
    } catch (StrictDecoder.OvergrownException e) {
      throw new OvergrownRecordException(message(topic, name, e.getMessage()), e);
    } catch (SecurityException e) {
      throw new IllegalStateException(
          "Avro's trusted classes were replaced and no longer include those of " + name, e);
    } catch (IOException | RuntimeException e) {
      // Avro reports what it dislikes in many ways, IndexOutOfBoundsException and
      // UnsupportedOperationException among them; the array is all that is read, so it is at fault
      throw unreadable(topic, name, String.valueOf(e.getMessage()), e);
    }
    if (decoder.remainingBytes() > 0) {
      throw unreadable(
          topic, name, "%d bytes follow its end".formatted(decoder.remainingBytes()), null);
    }
    return value;
  }

  static UnreadableRecordException unreadable(
      String topic, String name, String why, Throwable cause) {
    return new UnreadableRecordException(message(topic, name, why), cause);
  }

  private static String message(String topic, String name, String why) {
    return "the record of topic %s is not a readable %s: %s".formatted(topic, name, clipped(why));
  }

  /** A reason, cut where it is longer than people read. */
  static String clipped(String why) {
    return why.length() <= MOST_CHARACTERS ? why : why.substring(0, MOST_CHARACTERS) + "...";
  }
}
