package io.dimee.console;

import io.dimee.client.probe.BrokerProbe;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.RegistryFormats;
import io.dimee.topology.cluster.ConfigurationException;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the cluster is. */
@OptionGroup(Heading.KAFKA)
public final class KafkaOptions {
  /** Within which a command that ends gives up: 5 s less what it takes to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private static final Duration ROUND = Duration.ofSeconds(1);

  @OptionGroup(Heading.OPTIONS)
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,...",
      defaultValue = "127.0.0.1:9092",
      description = "Kafka brokers to connect to. Default: ${DEFAULT-VALUE}")
  private String bootstrapServers;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = Topics.DEFAULT_PREFIX,
      description =
          "Prefix of the names of all topics and consumer groups. Default: ${DEFAULT-VALUE}")
  private String topicPrefix;

  @Option(
      names = "--kafka-property",
      paramLabel = "KEY=VALUE",
      // not a character that a value may hold: a login module's settings end with a semicolon
      split = "\\R",
      hideParamSyntax = true,
      description =
          "Kafka client property, e.g. security.protocol=SASL_SSL. Repeatable; in the environment and in the file"
              + " of --config, one per line.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Properties file for the Kafka clients and the schema registry client, as Kafka's own tools take it. The"
              + " place for secrets; --kafka-property overrides it.")
  private Path file;

  @Mixin private RegistryOptions registry;

  /** Settings of clients, checked. */
  public KafkaSettings settings() {
    return ConfigurationException.check(
        () -> {
          KafkaSettings settings = new KafkaSettings(bootstrapServers, all());
          // parses the known properties, so that a typing error shows at start
          new AdminClientConfig(settings.admin());
          return settings;
        });
  }

  /**
   * Settings of a cluster that answers, for a command that ends.
   *
   * @throws KafkaException when no broker answers within seconds
   */
  public KafkaSettings answering() throws InterruptedException {
    KafkaSettings settings = settings();
    // what is wrong is said before a broker is asked
    topics();
    Optional<String> failure = new BrokerProbe(settings).failure(PATIENCE);
    if (failure.isPresent()) {
      throw new KafkaException(failure.get());
    }
    return settings;
  }

  /**
   * The pipeline that these options name, on a cluster that answers, for a command that ends.
   *
   * @param formats stay the caller's to close
   * @throws KafkaException when no broker answers within seconds
   */
  public Connection answering(RecordFormats formats) throws InterruptedException {
    return new Connection(answering(), topics(), formats);
  }

  /**
   * Waits until a broker answers, for a service: says at once and then every minute what it waits
   * for.
   *
   * @return false when it was interrupted
   */
  public boolean awaitBroker(Interrupt interrupt, PrintWriter err) throws InterruptedException {
    BrokerProbe probe = new BrokerProbe(settings());
    Outage outage = new Outage(err, System::nanoTime);
    while (!interrupt.isRequested()) {
      Optional<String> failure = probe.failure(ROUND);
      outage.update(failure);
      if (failure.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private Map<String, String> all() {
    Map<String, String> all = new LinkedHashMap<>();
    if (file != null) {
      all.putAll(PropertiesFile.read("kafka-config", file));
    }
    all.putAll(properties);
    return all;
  }

  /** The wire format of this process; registers no schemas unless it is told to. */
  public RecordFormats formats() {
    return registry.formats(all(), false);
  }

  /** The registry's formats, which must be named. */
  public RegistryFormats registry() {
    return registry.registry(all(), false);
  }

  /** The pipeline that these options name; the formats stay the caller's to close. */
  public Connection connection(RecordFormats formats) {
    return new Connection(settings(), topics(), formats);
  }

  /** Names of the topics. */
  public Topics topics() {
    return ConfigurationException.check(() -> new Topics(topicPrefix));
  }
}
