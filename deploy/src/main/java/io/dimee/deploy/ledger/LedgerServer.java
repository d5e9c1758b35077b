package io.dimee.deploy.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.LedgerEntry;
import io.dimee.deploy.http.WebServer;
import io.dimee.deploy.operations.Operations;
import io.dimee.deploy.operations.ProcessMeters;
import io.dimee.inference.BundleManifest;
import io.dimee.topology.ledger.DriftMonitor;
import io.dimee.topology.ledger.LedgerSums;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for the ledger: {@code GET /ledger?from=&to=} (entries of all instances; instants, the
 * last hour unless given), {@code GET /drift}, {@code GET /metrics}.
 */
public final class LedgerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerServer.class);
  private static final Duration LAST = Duration.ofHours(1);

  private final ObjectMapper json = new ObjectMapper();
  private final LedgerJson ledgerJson = new LedgerJson();
  private final Operations operations;
  private final WholeLedger ledger;
  private final DriftMeter drift;
  private final Clock clock;
  private final WebServer server;

  /**
   * Starts.
   *
   * @param models manifests of the models that are known, by model id
   * @param driftWindow how far back the predictions reach that drift is judged by
   * @param meters gets drift and accuracy; its owner's to close
   * @param own address under which this instance is known to the others
   */
  public LedgerServer(
      LedgerStage stage,
      Map<String, BundleManifest> models,
      Duration driftWindow,
      ProcessMeters meters,
      HostInfo own,
      String host,
      int port) {
    this.clock = Clock.systemUTC();
    this.ledger = new WholeLedger(stage.app(), own);
    this.drift =
        new DriftMeter(ledger, new DriftMonitor(models), driftWindow, meters.registry(), clock);
    this.operations = new Operations(meters, () -> List.of(stage.health()));
    this.server = WebServer.start(host, port, this::routes);
  }

  private void routes(JavalinConfig config) {
    config.routes.exception(
        WholeLedger.UnavailableException.class,
        (e, context) -> {
          throw new ServiceUnavailableResponse(e.getMessage());
        });
    config.routes.get("/ledger", this::entries);
    config.routes.get("/drift", this::drift);
    operations.routes(config);
    config.routes.before("/metrics", context -> updateDrift());
  }

  private void entries(Context context)
      throws WholeLedger.UnavailableException, InterruptedException {
    Instant to = instant(context, "to", clock.instant().plus(LedgerSums.WINDOW));
    Instant from = instant(context, "from", to.minus(LAST));
    List<LedgerEntry> entries =
        "true".equals(context.queryParam("local"))
            ? ledger.local(from, to)
            : ledger.entries(from, to);
    context.contentType("application/json").result(ledgerJson.write(entries).toString());
  }

  private static Instant instant(Context context, String name, Instant otherwise) {
    String value = context.queryParam(name);
    try {
      return value == null ? otherwise : Instant.parse(value);
    } catch (DateTimeParseException e) {
      throw new BadRequestResponse(
          "%s=%s is no instant; valid: 2026-11-26T12:00:00Z".formatted(name, value));
    }
  }

  private void drift(Context context)
      throws WholeLedger.UnavailableException, InterruptedException {
    ObjectNode node = json.createObjectNode();
    DriftJson.write(drift.read(), node);
    context.contentType("application/json").result(node.toString());
  }

  /** While the store moves, the rest of the metrics is worth having. */
  private void updateDrift() throws InterruptedException {
    try {
      drift.update();
    } catch (WholeLedger.UnavailableException e) {
      LOG.info("ledger: drift is not known: {}", e.getMessage());
    }
  }

  /** Where it listens. */
  public String url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
  }
}
