package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.LedgerEntry;
import io.dimee.topology.ledger.LedgerParts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;

/** The ledger over all of its instances: this one's part, and those of the others by HTTP. */
public final class WholeLedger {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Comparator<LedgerEntry> ORDER =
      Comparator.comparing(LedgerEntry::getWindowStart)
          .thenComparing(LedgerEntry::getModelId)
          .thenComparing(LedgerEntry::getPolicy)
          .thenComparing(LedgerEntry::getTier)
          .thenComparing(LedgerEntry::getPool);

  private final LedgerParts parts;
  private final HostInfo own;
  private final ObjectMapper json = new ObjectMapper();
  private final LedgerJson ledgerJson = new LedgerJson();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * Creates a view of the ledger.
   *
   * @param own address under which this instance is known to the others
   */
  public WholeLedger(LedgerParts parts, HostInfo own) {
    this.parts = parts;
    this.own = own;
  }

  /** Some part of the ledger cannot be read now, as while partitions move. */
  public static final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The parts of this instance, by their numbers; none where there are more instances than parts.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   */
  public Map<Integer, List<LedgerEntry>> local(Instant from, Instant to)
      throws UnavailableException {
    requireReady();
    try {
      return parts.entries(from, to);
    } catch (InvalidStateStoreException e) {
      throw new UnavailableException("the store is moving or not yet open: " + e.getMessage(), e);
    }
  }

  /** All of it, the oldest windows first. */
  public List<LedgerEntry> entries(Instant from, Instant to)
      throws UnavailableException, InterruptedException {
    Map<Integer, List<LedgerEntry>> known = new HashMap<>(local(from, to));
    for (HostInfo host : parts.hosts()) {
      if (!host.equals(own)) {
        remote(host, from, to)
            .forEach((part, entries) -> known.merge(part, entries, WholeLedger::newer));
      }
    }
    if (!IntStream.range(0, parts.count()).allMatch(known::containsKey)) {
      throw new UnavailableException(
          "partitions move, or another instance advertises %s:%d too: of %d parts only %s are known"
              .formatted(own.host(), own.port(), parts.count(), known.keySet()),
          null);
    }
    return known.values().stream().flatMap(List::stream).sorted(ORDER).toList();
  }

  /**
   * Two instances answer for a part that moves from one to the other between the two questions.
   * Sums only grow, so that the greater ones are the newer ones.
   */
  private static List<LedgerEntry> newer(List<LedgerEntry> one, List<LedgerEntry> other) {
    return predictions(one) > predictions(other) ? one : other;
  }

  private static long predictions(List<LedgerEntry> entries) {
    return entries.stream().mapToLong(LedgerEntry::getCount).sum();
  }

  private void requireReady() throws UnavailableException {
    if (!parts.isReady()) {
      throw new UnavailableException("the ledger is starting, or partitions move", null);
    }
  }

  private Map<Integer, List<LedgerEntry>> remote(HostInfo host, Instant from, Instant to)
      throws UnavailableException, InterruptedException {
    URI uri =
        URI.create(
            "http://%s:%d/ledger/parts?from=%s&to=%s"
                .formatted(host.host(), host.port(), from, to));
    try {
      HttpResponse<String> response =
          client
              .sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IllegalArgumentException(
            "status " + response.statusCode() + ": " + response.body());
      }
      return ledgerJson.readParts(json.readTree(response.body()));
    } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
      throw new UnavailableException(
          "the instance at %s:%d does not answer for its part: %s"
              .formatted(host.host(), host.port(), e),
          e);
    }
  }
}
