package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.topology.ledger.StoreParts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * A store over all of its instances: this one's parts, and those of the others by HTTP.
 *
 * @param <P> what a part answers
 */
final class WholeStore<P> {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final StoreParts parts;
  private final HostInfo own;
  private final Function<JsonNode, P> reader;
  private final BinaryOperator<P> newer;
  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * Creates a view of the store.
   *
   * @param own address under which this instance is known to the others
   * @param reader of a part that another instance answers; throws IllegalArgumentException when it
   *     is nothing of the kind
   * @param newer of two answers for a part that moves from one instance to the other between the
   *     two questions: this instance's, and another's
   */
  WholeStore(
      StoreParts parts, HostInfo own, Function<JsonNode, P> reader, BinaryOperator<P> newer) {
    this.parts = parts;
    this.own = own;
    this.reader = reader;
    this.newer = newer;
  }

  /**
   * The parts of this instance, by their numbers; none where there are more instances than parts.
   */
  Map<Integer, P> local(Supplier<Map<Integer, P>> ask) throws UnavailableException {
    if (!parts.isReady()) {
      throw new UnavailableException("the ledger is starting, or partitions move", null);
    }
    try {
      return ask.get();
    } catch (InvalidStateStoreException e) {
      throw new UnavailableException("the store is moving or not yet open: " + e.getMessage(), e);
    }
  }

  /**
   * All parts.
   *
   * @param path with which other instances are asked, with its query
   */
  Collection<P> all(Supplier<Map<Integer, P>> ask, String path)
      throws UnavailableException, InterruptedException {
    Map<Integer, P> known = new HashMap<>(local(ask));
    for (HostInfo host : parts.hosts()) {
      if (!host.equals(own)) {
        remote(host, path).forEach((part, answer) -> known.merge(part, answer, newer));
      }
    }
    if (!IntStream.range(0, parts.count()).allMatch(known::containsKey)) {
      throw new UnavailableException(
          "partitions move, or another instance advertises %s:%d too: of %d parts only %s are known"
              .formatted(own.host(), own.port(), parts.count(), known.keySet()),
          null);
    }
    return known.values();
  }

  private Map<Integer, P> remote(HostInfo host, String path)
      throws UnavailableException, InterruptedException {
    URI uri = URI.create("http://%s:%d/%s".formatted(host.host(), host.port(), path));
    try {
      HttpResponse<String> response =
          client
              .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IllegalArgumentException(
            "status " + response.statusCode() + ": " + response.body());
      }
      return read(json.readTree(response.body()));
    } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
      throw new UnavailableException(
          "the instance at %s:%d does not answer for its part: %s"
              .formatted(host.host(), host.port(), e),
          e);
    }
  }

  private Map<Integer, P> read(JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("no parts of the store: " + node);
    }
    Map<Integer, P> read = new HashMap<>();
    for (Map.Entry<String, JsonNode> part : node.properties()) {
      read.put(Integer.valueOf(part.getKey()), reader.apply(part.getValue()));
    }
    return read;
  }
}
