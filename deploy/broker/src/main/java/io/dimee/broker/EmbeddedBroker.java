package io.dimee.broker;

import io.dimee.inference.files.PrivateFiles;
import io.dimee.inference.files.TemporaryFolder;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.TopicSetup;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.commons.io.file.PathUtils;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.metadata.storage.FormatterException;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and KRaft controller in this process, on the loopback address only. Meant for
 * one machine: nothing is replicated.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int NODE_ID = 1;
  private static final String META_PROPERTIES = "meta.properties";
  private static final String LOCK = ".lock";
  private static final String CONTROLLER = "CONTROLLER";
  private static final String HOST = "127.0.0.1";
  private static final int MAX_PORT = 65_535;

  /** Settings that the broker needs as they are. */
  private static final Set<String> OWNED =
      Set.of(
          "process.roles",
          "node.id",
          "controller.quorum.voters",
          "controller.listener.names",
          "listeners",
          "log.dirs");

  private final KafkaRaftServer server;
  private final String bootstrapServers;
  private final Path data;
  private final Optional<TemporaryFolder> temporary;

  private EmbeddedBroker(
      KafkaRaftServer server,
      String bootstrapServers,
      Path data,
      Optional<TemporaryFolder> temporary) {
    this.server = server;
    this.bootstrapServers = bootstrapServers;
    this.data = data;
    this.temporary = temporary;
  }

  /** Starts a broker on a free port, whose data is deleted when it is closed. */
  public static EmbeddedBroker temporary() {
    return temporary(FreePort.find());
  }

  /** The same on a port that others expect it on, unless that is taken. */
  public static EmbeddedBroker temporaryPreferably(int port) {
    try {
      requireFree(port);
    } catch (ConfigurationException e) {
      return temporary();
    }
    return temporary(port);
  }

  private static EmbeddedBroker temporary(int port) {
    TemporaryFolder folder = TemporaryFolder.create("dimee-broker");
    try {
      return start(folder.path(), port, Map.of(), Optional.of(folder));
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Starts a broker that keeps its data.
   *
   * @param data folder of the data; what an earlier broker left there is served again
   * @param port where clients connect, or 0 for any free port
   * @param overrides Kafka's own settings of a broker, those that it needs as they are excepted
   * @throws ConfigurationException when the port is none or taken, the folder cannot be used, or a
   *     setting is not to be overridden
   */
  public static EmbeddedBroker persistent(Path data, int port, Map<String, String> overrides) {
    if (port < 0 || port > MAX_PORT) {
      throw new ConfigurationException(
          "port=%d is not a port; valid: 0 (any free port) to %d".formatted(port, MAX_PORT));
    }
    for (String key : overrides.keySet()) {
      if (OWNED.contains(key)) {
        throw new ConfigurationException(
            "broker-property %s is set by the program and cannot be overridden".formatted(key));
      }
    }
    prepare(data);
    return start(data, port == 0 ? FreePort.find() : port, overrides, Optional.empty());
  }

  /** Makes the folder, unless it is there, and keeps it from others. */
  static void prepare(Path data) {
    try {
      if (!PrivateFiles.createFolder(data)) {
        restrict(data);
      }
    } catch (IOException e) {
      throw new ConfigurationException("data=%s cannot be created: %s".formatted(data, e), e);
    }
  }

  /** What holds nothing but a broker's data is private; in a folder of others this has no say. */
  private static void restrict(Path data) {
    try {
      if (PrivateFiles.isPrivate(data)) {
        return;
      }
      if (!PrivateFiles.isEverybodys(data)
          && (Files.exists(data.resolve(META_PROPERTIES)) || PathUtils.isEmptyDirectory(data))) {
        PrivateFiles.restrict(data);
        return;
      }
      LOG.warn(
          "data={} is not the broker's own directory: other users may be able to read its records",
          data);
    } catch (IOException e) {
      LOG.warn(
          "data={} belongs to another user, who may be able to read the broker's records", data);
    }
  }

  private static EmbeddedBroker start(
      Path data, int port, Map<String, String> overrides, Optional<TemporaryFolder> temporary) {
    requireFree(port);
    requireUnlocked(data);
    int controllerPort = FreePort.find();
    Map<String, String> properties = properties(data, port, controllerPort);
    properties.putAll(overrides);
    KafkaConfig config = new KafkaConfig(properties, false);
    format(data);
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    EmbeddedBroker broker = new EmbeddedBroker(server, HOST + ":" + port, data, temporary);
    try {
      server.startup();
    } catch (RuntimeException e) {
      broker.closeAfter(e);
      throw e;
    }
    return broker;
  }

  private static Map<String, String> properties(Path data, int port, int controllerPort) {
    Map<String, String> properties = new HashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + HOST + ":" + controllerPort);
    properties.put(
        "listeners",
        "PLAINTEXT://%s:%d,%s://%s:%d".formatted(HOST, port, CONTROLLER, HOST, controllerPort));
    properties.put("controller.listener.names", CONTROLLER);
    properties.put(
        "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
    properties.put("log.dirs", data.toAbsolutePath().toString());
    properties.put("auto.create.topics.enable", "false");
    properties.put("message.max.bytes", Integer.toString(TopicSetup.MAX_MESSAGE_BYTES));
    properties.put("group.initial.rebalance.delay.ms", "0");
    // whoever takes over from a killed worker waits for its transaction; Kafka looks every 10 s
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    // twice as long as topics keep records: what is still there is known as read
    properties.put("offsets.retention.minutes", "20160");
    // a single node replicates nothing
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    // fifty partitions each would be most of the start-up time
    properties.put("offsets.topic.num.partitions", "4");
    properties.put("transaction.state.log.num.partitions", "4");
    properties.put("log.cleaner.dedupe.buffer.size", "4194304");
    return properties;
  }

  private static void format(Path data) {
    if (Files.exists(data.resolve(META_PROPERTIES))) {
      return;
    }
    Formatter formatter = new Formatter();
    formatter.setPrintStream(
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    formatter.setClusterId(Uuid.randomUuid().toString());
    formatter.setNodeId(NODE_ID);
    formatter.setControllerListenerName(CONTROLLER);
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.addDirectory(data.toAbsolutePath().toString());
    try {
      formatter.run();
    } catch (FormatterException e) {
      throw new ConfigurationException(
          "data=%s cannot be formatted for the broker: %s".formatted(data, e.getMessage()), e);
    } catch (Exception e) {
      // Formatter declares Exception
      throw new IllegalStateException("cannot format " + data, e);
    }
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // connections of an earlier broker may linger on the port
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new ConfigurationException(
          "port=%d cannot be used on %s: %s; choose another".formatted(port, HOST, e.getMessage()),
          e);
    }
  }

  /**
   * Kafka takes this lock too, but only after it has opened the metadata log, which another broker
   * may be writing.
   */
  private static void requireUnlocked(Path data) {
    try (FileChannel channel =
            FileChannel.open(
                data.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw inUse(data, null);
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(data, e);
    } catch (IOException e) {
      throw new ConfigurationException("data=%s cannot be written: %s".formatted(data, e), e);
    }
  }

  private static ConfigurationException inUse(Path data, Exception cause) {
    return new ConfigurationException(
        "data=%s is in use by another broker; stop that one or choose another directory"
            .formatted(data),
        cause);
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Where its data lies. */
  Path data() {
    return data;
  }

  @Override
  public void close() {
    try {
      server.shutdown();
      server.awaitShutdown();
    } finally {
      temporary.ifPresent(TemporaryFolder::close);
    }
  }

  /** Gives back what a failed start took, and does not hide why it failed. */
  private void closeAfter(RuntimeException failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
