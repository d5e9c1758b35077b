package io.dimee.deploy.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.LedgerEntry;
import io.dimee.topology.ledger.LedgerApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

  private final LedgerApp app;
  private final HostInfo own;
  private final ObjectMapper json = new ObjectMapper();
  private final LedgerJson ledgerJson = new LedgerJson();
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  /**
   * Creates a view of the ledger.
   *
   * @param own address under which this instance is known to the others
   */
  public WholeLedger(LedgerApp app, HostInfo own) {
    this.app = app;
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
   * This instance's part; none where there are more instances than parts.
   *
   * @param from earliest begin of a window, inclusive
   * @param to latest begin of a window, inclusive
   */
  public List<LedgerEntry> local(Instant from, Instant to) throws UnavailableException {
    try {
      return hosts().contains(own) ? app.entries(from, to) : List.of();
    } catch (InvalidStateStoreException e) {
      throw new UnavailableException("the store is moving or not yet open: " + e.getMessage(), e);
    }
  }

  /** All of it, the oldest windows first. */
  public List<LedgerEntry> entries(Instant from, Instant to)
      throws UnavailableException, InterruptedException {
    Set<HostInfo> hosts = hosts();
    if (!app.isWhole(own)) {
      throw new UnavailableException(
          "partitions move, or another instance advertises %s:%d too"
              .formatted(own.host(), own.port()),
          null);
    }
    List<LedgerEntry> entries = new ArrayList<>(local(from, to));
    for (HostInfo host : hosts) {
      if (!host.equals(own)) {
        entries.addAll(remote(host, from, to));
      }
    }
    entries.sort(ORDER);
    return entries;
  }

  private Set<HostInfo> hosts() throws UnavailableException {
    if (!app.isReady()) {
      throw new UnavailableException("the ledger is starting, or partitions move", null);
    }
    return app.hosts();
  }

  private List<LedgerEntry> remote(HostInfo host, Instant from, Instant to)
      throws UnavailableException, InterruptedException {
    URI uri =
        URI.create(
            "http://%s:%d/ledger?local=true&from=%s&to=%s"
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
      return ledgerJson.read(json.readTree(response.body()));
    } catch (ExecutionException | TimeoutException | IOException | RuntimeException e) {
      throw new UnavailableException(
          "the instance at %s:%d does not answer for its part: %s"
              .formatted(host.host(), host.port(), e),
          e);
    }
  }
}
