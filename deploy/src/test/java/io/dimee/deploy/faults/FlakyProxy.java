package io.dimee.deploy.faults;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Every connection between the clients and the broker; it can be dropped, or refused. Beside that a
 * single answer can get lost: that to a request which ends a transaction.
 */
final class FlakyProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** Room for what is looked at: the longest id of a client here has less than 100 bytes. */
  private static final int HEAD_BYTES = 512;

  /** Number of the request that commits or aborts a transaction. */
  private static final short END_TXN = 26;

  private final ServerSocket server;
  private final int target;
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicReference<String> losesCommitOf = new AtomicReference<>();
  private volatile String blocked;
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

  /** A client's socket and the broker's, and which answer between them is lost. */
  private static final class Connection {
    private final Socket client;
    private final Socket broker;
    private volatile String clientId = "";
    private volatile OptionalInt lost = OptionalInt.empty();

    Connection(Socket client, Socket broker) {
      this.client = client;
      this.broker = broker;
    }

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
        // closed, or the broker is away: the client retries
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
      threads.execute(() -> pass(connection, client, broker, this::request));
      threads.execute(() -> pass(connection, broker, client, this::answer));
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  /** Looks at the head of a message; returns whether it is passed on. */
  @FunctionalInterface
  private interface Look {
    boolean isPassed(Connection connection, ByteBuffer head);
  }

  /** Messages have their size before them; what lies behind their heads flows as it comes. */
  private void pass(Connection connection, Socket from, Socket to, Look look) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      DataInputStream in = new DataInputStream(from.getInputStream());
      OutputStream out = to.getOutputStream();
      while (true) {
        int left = in.readInt();
        int head = Math.min(left, HEAD_BYTES);
        in.readFully(buffer, Integer.BYTES, head);
        if (!look.isPassed(connection, ByteBuffer.wrap(buffer, Integer.BYTES, head).slice())) {
          return;
        }
        ByteBuffer.wrap(buffer).putInt(left);
        out.write(buffer, 0, Integer.BYTES + head);
        left -= head;
        while (left > 0) {
          int count = in.read(buffer, 0, Math.min(left, buffer.length));
          if (count < 0) {
            return;
          }
          out.write(buffer, 0, count);
          left -= count;
        }
      }
    } catch (IOException e) {
      // either side has gone: so does the other
    } finally {
      connection.close();
      connections.remove(connection);
    }
  }

  /** A request begins with its kind, version, number and the client's id. */
  private boolean request(Connection connection, ByteBuffer head) {
    short kind = head.getShort();
    head.getShort();
    int number = head.getInt();
    connection.clientId = text(head);
    if (connection.clientId.equals(blocked)) {
      return false;
    }
    String part = losesCommitOf.get();
    if (kind == END_TXN
        && part != null
        && connection.clientId.contains(part)
        && losesCommitOf.compareAndSet(part, null)) {
      connection.lost = OptionalInt.of(number);
    }
    return true;
  }

  private static String text(ByteBuffer from) {
    short length = from.getShort();
    if (length < 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** An answer begins with the number of its request. */
  private boolean answer(Connection connection, ByteBuffer head) {
    OptionalInt lost = connection.lost;
    if (lost.isEmpty() || head.getInt() != lost.getAsInt()) {
      return true;
    }
    String client = connection.clientId;
    blocked = client;
    connections.stream().filter(other -> other.clientId.equals(client)).forEach(Connection::close);
    return false;
  }

  /**
   * Loses the answer to the next transaction that a client ends, once the broker has decided on it,
   * and has no connection for that client from then on, until {@link #admitAll}.
   *
   * @param part of the client's id; another client of the same user has another id
   */
  void loseCommitOf(String part) {
    losesCommitOf.set(part);
  }

  /** Whether an answer was lost, and its client is kept out. */
  boolean isBlocking() {
    return blocked != null;
  }

  /** Lets all clients connect again. */
  void admitAll() {
    blocked = null;
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
