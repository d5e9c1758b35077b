package io.dimee.deploy.console;

import io.dimee.deploy.ConfigurationException;
import io.dimee.topology.KafkaSettings;
import io.dimee.topology.Topics;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import picocli.CommandLine.Option;

/** Where the cluster is. */
public final class KafkaOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT,...",
      defaultValue = "127.0.0.1:9092",
      description = "The Kafka cluster. Default: ${DEFAULT-VALUE}")
  private String bootstrapServers;

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = Topics.DEFAULT_PREFIX,
      description = "What all topics' and groups' names begin with. Default: ${DEFAULT-VALUE}")
  private String topicPrefix;

  @Option(
      names = "--kafka-property",
      paramLabel = "KEY=VALUE",
      // not a character that a value may hold: a login module's settings end with a semicolon
      split = "\\R",
      hideParamSyntax = true,
      description =
          "Client property, for instance security.protocol=SASL_SSL. Repeatable; in the environment"
              + " and in the file of --config, one a line.")
  private Map<String, String> properties = new LinkedHashMap<>();

  /** Settings of clients, checked. */
  public KafkaSettings settings() {
    return ConfigurationException.check(
        () -> {
          KafkaSettings settings = new KafkaSettings(bootstrapServers, properties);
          // parses the known properties, so that a typing error shows at start
          new AdminClientConfig(settings.admin());
          return settings;
        });
  }

  /** Names of the topics. */
  public Topics topics() {
    return ConfigurationException.check(() -> new Topics(topicPrefix));
  }
}
