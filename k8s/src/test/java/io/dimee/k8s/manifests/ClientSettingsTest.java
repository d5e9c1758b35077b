package io.dimee.k8s.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.topology.cluster.Delivery;
import io.dimee.topology.cluster.KafkaSettings;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clients' properties of the ConfigMap, beside secrets as a kubelet lays them. */
class ClientSettingsTest {
  private static final String LOGIN =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"dimee-edge\""
          + " password=\"secret\";";

  @TempDir Path root;
  private KafkaSettings settings;

  @BeforeEach
  void lay() throws IOException {
    mount("etc/dimee/user", Map.of("password", "secret", "sasl.jaas.config", LOGIN));
    mount("etc/dimee/ca", Map.of("ca.crt", Files.readString(Path.of("src/test/resources/ca.crt"))));
    Properties file = new Properties();
    file.load(
        new StringReader(
            Files.readString(Path.of("base/config/kafka.properties"))
                .replace("/etc/dimee", root.resolve("etc/dimee").toString())));
    settings =
        new KafkaSettings(
            "127.0.0.1:9",
            file.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, file::getProperty)));
  }

  /** A mounted secret is a link to a link, so that it changes at once. */
  private void mount(String folder, Map<String, String> files) throws IOException {
    Path mounted = root.resolve(folder);
    Path data = Files.createDirectories(mounted.resolve("..2026_11_26"));
    Files.createSymbolicLink(mounted.resolve("..data"), data.getFileName());
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(data.resolve(file.getKey()), file.getValue());
      Files.createSymbolicLink(
          mounted.resolve(file.getKey()), Path.of("..data").resolve(file.getKey()));
    }
  }

  /** Kafka Streams names these when it makes the clients. */
  private static Map<String, Object> with(
      Map<String, Object> properties, String what, Class<?> type) {
    properties.put("key." + what, type);
    properties.put("value." + what, type);
    return properties;
  }

  @Test
  void shouldFindTheUsersSecretForEveryClient() {
    StreamsConfig streams = new StreamsConfig(settings.streams("router", Delivery.EXACTLY_ONCE));

    assertThat(
            Stream.<AbstractConfig>of(
                new AdminClientConfig(settings.admin()),
                new ConsumerConfig(settings.consumer("group", 1)),
                new ProducerConfig(settings.producer("group")),
                new ConsumerConfig(
                    with(
                        streams.getMainConsumerConfigs("router", "client", 0),
                        "deserializer",
                        ByteArrayDeserializer.class)),
                new ProducerConfig(
                    with(
                        streams.getProducerConfigs("client"),
                        "serializer",
                        ByteArraySerializer.class)),
                new AdminClientConfig(streams.getAdminConfigs("client"))))
        .allSatisfy(
            config ->
                assertThat(config.getPassword(SaslConfigs.SASL_JAAS_CONFIG))
                    .isEqualTo(new Password(LOGIN)));
  }

  @Test
  void shouldTrustTheClustersCertificateAndLogIn() {
    // a client reads certificate and login when it is made, before it connects
    try (Admin admin = Admin.create(settings.admin())) {
      assertThat(admin.metrics()).isNotEmpty();
    }
  }
}
