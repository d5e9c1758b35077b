package io.dimee.deploy.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Every connection between the clients and the broker; it can be dropped, or refused. */
final class FlakyProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ServerSocket server;
  private final int target;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean isOut;

  /**
   * Starts to listen on a free port.
   *
   * @param target the broker's port
   */
  FlakyProxy(int target) throws IOException {
    this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    this.target = target;
    threads.execute(this::accept);
  }

  private record Connection(Socket client, Socket broker) {
    void close() {
      closeQuietly(client);
      closeQuietly(broker);
    }

    private static void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException("a socket could not be closed", e);
      }
    }
  }

  /** Where clients connect. */
  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        if (isOut) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        // closed, or the broker is away: the client tries again
      }
    }
  }

  private void connect(Socket client) throws IOException {
    try {
      Socket broker = new Socket(InetAddress.getLoopbackAddress(), target);
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
      Connection connection = new Connection(client, broker);
      connections.add(connection);
      threads.execute(() -> copy(connection, client, broker));
      threads.execute(() -> copy(connection, broker, client));
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private void copy(Connection connection, Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count = in.read(buffer);
      while (count >= 0) {
        out.write(buffer, 0, count);
        count = in.read(buffer);
      }
    } catch (IOException e) {
      // either side has gone: so does the other
    } finally {
      connection.close();
      connections.remove(connection);
    }
  }

  /** Drops about half of the connections, in the middle of whatever they carry. */
  void dropSome(Random random) {
    connections.stream().filter(connection -> random.nextBoolean()).forEach(Connection::close);
  }

  /** Drops all connections, and takes no new ones until {@link #restore}. */
  void cut() {
    isOut = true;
    connections.forEach(Connection::close);
  }

  void restore() {
    isOut = false;
  }

  @Override
  public void close() throws IOException {
    server.close();
    connections.forEach(Connection::close);
    threads.shutdown();
  }
}
