package io.dimee.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortTest {
  @Test
  void shouldFindAPortThatNoOutgoingConnectionIsGiven() throws IOException {
    int port = FreePort.find();
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(socket.getLocalPort()).isBetween(1024, 32_767);
    }
  }
}
