package io.dimee.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/** Answers the one request by which a broker is known, and nothing else. */
public final class StubBroker {
  private static final int REQUEST_BYTES = 14;
  private static final int CORRELATION_ID_AT = 8;

  private StubBroker() {}

  /** Answers the next connection. */
  public static void answer(ServerSocket server) throws IOException {
    try (Socket asked = server.accept()) {
      byte[] request = asked.getInputStream().readNBytes(REQUEST_BYTES);
      byte[] answer =
          ByteBuffer.allocate(10)
              .putInt(6)
              .putInt(ByteBuffer.wrap(request).getInt(CORRELATION_ID_AT))
              .putShort((short) 0)
              .array();
      asked.getOutputStream().write(answer);
    }
  }
}
