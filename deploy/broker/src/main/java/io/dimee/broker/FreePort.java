package io.dimee.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/**
 * A port of this machine that nobody listens on.
 *
 * <p>Between the look and the use of a port anybody may take it. Most often that would be an
 * outgoing connection, of this very process even, for which systems draw from 32,768 upwards
 * (Linux) or from 49,152 (the rest, RFC 6335): so ports come from below. Asking for port 0 draws
 * from the same range as outgoing connections, and lost that race.
 */
public final class FreePort {
  private static final int LOWEST = 20_000;
  private static final int BEYOND = 32_768;
  private static final int ATTEMPTS = 100;

  private FreePort() {}

  /**
   * Finds one.
   *
   * @throws IllegalStateException when {@value #ATTEMPTS} ports in a row are taken
   */
  public static int find() {
    SplittableRandom random = new SplittableRandom();
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = random.nextInt(LOWEST, BEYOND);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        last = e;
      }
    }
    throw new IllegalStateException("no free port between " + LOWEST + " and " + BEYOND, last);
  }
}
