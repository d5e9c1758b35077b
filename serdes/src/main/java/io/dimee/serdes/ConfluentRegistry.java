package io.dimee.serdes;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
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
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
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
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /** A registry's own codes are a status with two more digits: 40401, 40403. */
  private static final int CODES_A_STATUS = 100;

  /** So that records with an id that is of no use do not become as many requests. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  /** Without it, the client takes any name in a certificate once it has a trust store. */
  private static final Map<String, Object> DEFAULTS =
      Map.of("schema.registry.ssl.endpoint.identification.algorithm", "https");

  private final String url;
  private final RestService rest;
  private final SchemaRegistryClient client;
  private final int attempts;
  private final Cache<Integer, Schema> schemas =
      CacheBuilder.newBuilder().maximumSize(CACHED_SCHEMAS).build();
  private final Cache<Integer, String> unusable =
      CacheBuilder.newBuilder().maximumSize(CACHED_SCHEMAS).expireAfterWrite(REMEMBERED).build();

  /**
   * Creates a client; nothing is asked yet.
   *
   * @param url one or more addresses, with commas between; without a password, since the client
   *     logs it
   * @param settings Confluent's own: authentication and TLS
   * @param attempts how often a registry that does not answer is asked, at growing distances
   */
  ConfluentRegistry(String url, Map<String, String> settings, int attempts) {
    Map<String, Object> all = new HashMap<>(DEFAULTS);
    all.putAll(settings);
    this.url = url;
    this.rest = new RestService(List.of(url.split(",", -1)));
    this.client = new CachedSchemaRegistryClient(rest, CACHED_SCHEMAS, all);
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

  /**
   * Schema of an id.
   *
   * @param subject what this process must be allowed to look at: when it is, and the id is refused,
   *     the refusal is about the id
   * @throws UnusableSchemaException when there is none that records can be read with
   */
  Schema schemaOf(int id, String subject) throws UnusableSchemaException {
    Schema known = schemas.getIfPresent(id);
    if (known != null) {
      return known;
    }
    String why = unusable.getIfPresent(id);
    if (why != null) {
      throw new UnusableSchemaException(why, null);
    }
    try {
      Schema schema = fetch(id, subject);
      schemas.put(id, schema);
      return schema;
    } catch (UnusableSchemaException e) {
      unusable.put(id, e.getMessage());
      throw e;
    }
  }

  private Schema fetch(int id, String subject) throws UnusableSchemaException {
    String what = "look schema " + id + " up";
    try {
      SchemaString found = answer(what, () -> rest.getId(id));
      ForeignSchema schema = new ForeignSchema("schema " + id);
      addReferences(schema, what, found.getReferences());
      return schema.complete(found.getSchemaType(), found.getSchemaString());
    } catch (RestClientException e) {
      if (isUnknown(e)) {
        throw new UnusableSchemaException("the schema registry has no Avro schema " + id, e);
      }
      // not a client's error: a redirection, by which something else answers
      if (e.getStatus() < BAD_REQUEST || !isAllowed(subject)) {
        throw failure(what, e);
      }
      throw new UnusableSchemaException(
          "the schema registry refuses schema %d: %s".formatted(id, e.getMessage()), e);
    }
  }

  /** What a schema names that is registered elsewhere, its own names first. */
  private void addReferences(ForeignSchema schema, String what, List<SchemaReference> references)
      throws UnusableSchemaException, RestClientException {
    for (SchemaReference reference : references == null ? List.<SchemaReference>of() : references) {
      String subject = reference.getSubject();
      int version = reference.getVersion();
      if (schema.begin(subject + " version " + version)) {
        var found = answer(what, () -> rest.getVersion(subject, version));
        addReferences(schema, what, found.getReferences());
        schema.add(found.getSchemaType(), found.getSchema());
      }
    }
  }

  /** Whether the registry answers this process at all, with its credentials, about a subject. */
  private boolean isAllowed(String subject) {
    try {
      answer("list the versions of " + subject, () -> rest.getAllVersions(subject));
      return true;
    } catch (RestClientException e) {
      return isUnknown(e);
    }
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
    try {
      return Optional.of(answer(what, request));
    } catch (RestClientException e) {
      if (e.getStatus() == NOT_FOUND) {
        return Optional.empty();
      }
      throw failure(what, e);
    }
  }

  /**
   * Asks until there is an answer.
   *
   * @throws RestClientException when the answer is a refusal, which it would be again
   * @throws RegistryException when there is no answer
   */
  private <T> T answer(String what, Request<T> request) throws RestClientException {
    Duration pause = Duration.ofMillis(100);
    for (int attempt = 1; ; attempt++) {
      try {
        return request.send();
      } catch (RestClientException e) {
        if (!mayPass(e)) {
          throw e;
        }
        if (attempt == attempts) {
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

  private static boolean mayPass(RestClientException e) {
    return e.getStatus() >= SERVER_ERROR
        || e.getStatus() == REQUEST_TIMEOUT
        || e.getStatus() == TOO_MANY_REQUESTS;
  }

  /** Whether a registry says so, and not something else that has no such path. */
  private static boolean isUnknown(RestClientException e) {
    return e.getStatus() == NOT_FOUND && e.getErrorCode() / CODES_A_STATUS == NOT_FOUND;
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
