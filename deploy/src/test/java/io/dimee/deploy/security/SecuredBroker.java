package io.dimee.deploy.security;

import io.dimee.deploy.Certificates;
import io.dimee.deploy.broker.EmbeddedBroker;
import io.dimee.inference.bundle.Tier;
import io.dimee.topology.cluster.Acls;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Role;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/**
 * An embedded broker that speaks TLS alone, knows its clients by SASL/SCRAM, and denies what no
 * rule allows. There is a user for each tier, one that produces and one that reads.
 */
final class SecuredBroker implements AutoCloseable {
  /** Produces events and reads outcomes. */
  static final String APPLICATION = "application";

  private static final String ADMIN = "admin";
  private static final int ITERATIONS = 4_096;

  private final EmbeddedBroker broker;
  private final Path directory;
  private final Certificates certificates;
  private final String password;

  private SecuredBroker(
      EmbeddedBroker broker, Path directory, Certificates certificates, String password) {
    this.broker = broker;
    this.directory = directory;
    this.certificates = certificates;
    this.password = password;
  }

  /**
   * Starts it, with topics, users and rules.
   *
   * @param password of all users, each with its name before it
   */
  static SecuredBroker start(Path directory, Topics topics, String password)
      throws IOException, InterruptedException, ExecutionException {
    Certificates certificates = Certificates.create(directory, password);
    Map<String, String> settings = new HashMap<>();
    settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
    // by its name, so that the broker speaks to itself as that listener does
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "SCRAM-SHA-512,PLAIN");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.plaintext.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%1$s\" password=\"%2$s\" user_%1$s=\"%2$s\";"
            .formatted(ADMIN, ADMIN + password));
    settings.put(
        "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:admin;User:ANONYMOUS");
    settings.putAll(tls(certificates));
    SecuredBroker secured =
        new SecuredBroker(
            EmbeddedBroker.persistent(directory.resolve("data"), 0, settings),
            directory,
            certificates,
            password);
    try {
      TopicSetup.ensure(secured.settings(ADMIN), topics.all(), 1);
      try (Admin admin = Admin.create(secured.settings(ADMIN).admin())) {
        admin.alterUserScramCredentials(secured.users()).all().get();
        admin.createAcls(rules(topics)).all().get();
      }
      return secured;
    } catch (RuntimeException | InterruptedException | ExecutionException e) {
      secured.close();
      throw e;
    }
  }

  /** A broker's key and whom it trusts; the latter is what a client needs too. */
  static Map<String, String> tls(Certificates certificates) {
    String store = certificates.store().toString();
    return Map.of(
        "ssl.keystore.location",
        store,
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.password",
        certificates.password(),
        "ssl.truststore.location",
        store,
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.password",
        certificates.password());
  }

  static String user(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  private List<UserScramCredentialAlteration> users() {
    List<String> names = new ArrayList<>(List.of(APPLICATION));
    for (Tier tier : Tier.values()) {
      names.add(user(tier));
    }
    List<UserScramCredentialAlteration> users = new ArrayList<>();
    for (String name : names) {
      users.add(
          new UserScramCredentialUpsertion(
              name,
              new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
              (name + password).getBytes(StandardCharsets.UTF_8)));
    }
    return users;
  }

  private static List<AclBinding> rules(Topics topics) {
    List<AclBinding> rules = new ArrayList<>();
    Acls acls = new Acls(topics);
    for (Tier tier : Tier.values()) {
      rules.addAll(acls.of(Role.valueOf(tier.name()), "User:" + user(tier)));
    }
    rules.addAll(acls.of(Role.CLIENT, "User:" + APPLICATION));
    rules.addAll(acls.of(Role.ANALYST, "User:" + APPLICATION));
    return rules;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** A client's settings for a user. */
  KafkaSettings settings(String user) {
    return new KafkaSettings(broker.bootstrapServers(), properties(user));
  }

  /** The same in a file, as {@code --kafka-config} takes it. */
  Path file(String user) throws IOException {
    Path file = directory.resolve(user + ".properties");
    StringBuilder text = new StringBuilder();
    properties(user)
        .forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return Files.writeString(file, text);
  }

  private Map<String, String> properties(String user) {
    boolean isAdmin = user.equals(ADMIN);
    return Map.of(
        "security.protocol",
        "SASL_SSL",
        "sasl.mechanism",
        isAdmin ? "PLAIN" : "SCRAM-SHA-512",
        "sasl.jaas.config",
        "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
            .formatted(
                isAdmin ? "plain.PlainLoginModule" : "scram.ScramLoginModule",
                user,
                user + password),
        "ssl.truststore.location",
        certificates.store().toString(),
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.password",
        certificates.password());
  }

  @Override
  public void close() {
    broker.close();
  }
}
