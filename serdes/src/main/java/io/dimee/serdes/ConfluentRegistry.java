package io.dimee.serdes;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.ParsedSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Confluent's client of a schema registry: the only class that knows it, in the package to which
 * Apache Flink moves it. What is asked once is cached. Safe for several threads.
 */
final class ConfluentRegistry implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfluentRegistry.class);
  private static final int CACHED_SCHEMAS = 1_000;
  private static final int NOT_FOUND = 404;
  private static final int SERVER_ERROR = 500;

  /** So that records with an id that nobody knows do not become as many requests. */
  private static final Map<String, Object> DEFAULTS = Map.of("missing.id.cache.ttl.sec", 60L);

  private final String url;
  private final SchemaRegistryClient client;
  private final int attempts;

  /**
   * Creates a client; nothing is asked yet.
   *
   * @param settings Confluent's own: authentication and TLS
   * @param attempts how often a registry that does not answer is asked, at growing distances
   */
  ConfluentRegistry(String url, Map<String, String> settings, int attempts) {
    Map<String, Object> all = new HashMap<>(DEFAULTS);
    all.putAll(settings);
    this.url = url;
    this.client = new CachedSchemaRegistryClient(List.of(url.split(",", -1)), CACHED_SCHEMAS, all);
    this.attempts = attempts;
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws IOException, RestClientException;
  }

  /** Registers a schema if it is not registered yet; returns its id. */
  int register(String subject, Schema schema) {
    return ask("register the schema of " + subject, () -> client.register(subject, parsed(schema)))
        .orElseThrow(() -> new RegistryException("%s has no place for %s".formatted(url, subject)));
  }

  /** Id of a schema that is registered, or nothing. */
  Optional<Integer> idOf(String subject, Schema schema) {
    return ask(
        "look the schema of " + subject + " up", () -> client.getId(subject, parsed(schema)));
  }

  /** Schema of an id, or nothing when there is none that is Avro's. */
  Optional<Schema> schemaOf(int id) {
    return ask("look schema " + id + " up", () -> client.getSchemaById(id))
        .filter(AvroSchema.class::isInstance)
        .map(found -> new Schema.Parser().parse(((AvroSchema) found).rawSchema().toString()));
  }

  /** Why a schema may not be registered beside those of a subject; empty when it may. */
  List<String> incompatibilities(String subject, Schema schema) {
    String what = "check the schema of " + subject;
    if (ask(what, () -> client.testCompatibility(subject, parsed(schema))).orElse(true)) {
      return List.of();
    }
    // Apicurio says that they are not, and not why
    List<String> reasons =
        ask(what, () -> client.testCompatibilityVerbose(subject, parsed(schema))).orElse(List.of());
    return reasons.isEmpty() ? List.of("the registry gives no reason") : reasons;
  }

  private static ParsedSchema parsed(Schema schema) {
    return new AvroSchema(schema.toString());
  }

  /** Asks until there is an answer; what the registry does not have is no failure. */
  private <T> Optional<T> ask(String what, Request<T> request) {
    Duration pause = Duration.ofMillis(100);
    for (int attempt = 1; ; attempt++) {
      try {
        return Optional.of(request.send());
      } catch (RestClientException e) {
        if (e.getStatus() == NOT_FOUND) {
          return Optional.empty();
        }
        if (e.getStatus() < SERVER_ERROR || attempt == attempts) {
          throw failure(what, e);
        }
        LOG.warn("schema registry, attempt {} to {}: {}", attempt, what, e.getMessage());
      } catch (IOException e) {
        if (attempt == attempts) {
          throw failure(what, e);
        }
        LOG.warn("schema registry, attempt {} to {}: {}", attempt, what, e.toString());
      }
      sleep(pause);
      pause = pause.multipliedBy(2);
    }
  }

  private RegistryException failure(String what, Exception e) {
    return new RegistryException(
        "the schema registry at %s does not %s: %s".formatted(url, what, e.getMessage()), e);
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException("interrupted while the schema registry did not answer", e);
    }
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new RegistryException("the client of the schema registry cannot be closed", e);
    }
  }
}
