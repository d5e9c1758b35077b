package io.dimee.node.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.node.http.WebServer;
import io.dimee.node.operations.Operations;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.topology.ledger.DriftMonitor;
import io.dimee.topology.ledger.LedgerSums;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for the ledger: {@code GET /ledger?from=&to=} (entries of all instances; instants, the
 * last hour unless given, 25 hours at most), {@code GET /drift}, {@code GET /unanswered} (events
 * without an outcome), {@code GET /metrics}.
 */
public final class LedgerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LedgerServer.class);
  private static final Duration LAST = Duration.ofHours(1);

  /** A day is some ten thousand entries of a model. */
  private static final Duration LONGEST = Duration.ofHours(25);

  private static final Instant EARLIEST = Instant.EPOCH;
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final ObjectMapper mapper = new ObjectMapper();
  private final LedgerJson ledgerJson = new LedgerJson();
  private final Operations operations;
  private final WholeLedger ledger;
  private final DriftMeter drift;
  private final UnansweredJson unansweredJson = new UnansweredJson();
  private final WholeUnanswered unanswered;
  private final UnansweredMeter overdue;
  private final Clock clock;
  private final WebServer server;

  /**
   * What is answered, and where.
   *
   * @param models manifests of the models that are known, by model id
   * @param driftWindow how far back the predictions reach that drift is judged by
   * @param patience after which an event without an outcome is overdue
   * @param names under which the server is reached, beside the instance's own
   */
  public record Settings(
      Map<String, BundleManifest> models,
      Duration driftWindow,
      Duration patience,
      String host,
      int port,
      Set<String> names) {}

  /**
   * Starts.
   *
   * @param meters gets drift, accuracy and the number of overdue events; its owner's to close
   * @param own address under which this instance is known to the others
   */
  public LedgerServer(
      LedgerStage stage,
      UnansweredStage unanswered,
      Settings settings,
      ProcessMeters meters,
      HostInfo own) {
    this.clock = Clock.systemUTC();
    this.ledger = new WholeLedger(stage.app(), own);
    this.unanswered = new WholeUnanswered(unanswered.app(), own, settings.patience(), clock);
    this.drift =
        new DriftMeter(
            ledger,
            new DriftMonitor(settings.models()),
            settings.driftWindow(),
            meters.registry(),
            clock);
    this.overdue = new UnansweredMeter(this.unanswered, meters.registry());
    this.operations = new Operations(meters, () -> List.of(stage.health(), unanswered.health()));
    this.server = WebServer.start(settings.host(), settings.port(), settings.names(), this::routes);
  }

  private void routes(JavalinConfig config) {
    config.routes.exception(
        UnavailableException.class,
        (e, context) ->
            context.status(HttpStatus.SERVICE_UNAVAILABLE).json(Map.of("error", e.getMessage())));
    config.routes.get("/ledger", this::entries);
    config.routes.get("/ledger/parts", this::parts);
    config.routes.get("/drift", this::drift);
    config.routes.get("/unanswered", this::unanswered);
    config.routes.get("/unanswered/parts", this::unansweredParts);
    operations.routes(config);
    config.routes.before("/metrics", context -> update());
  }

  private void entries(Context context) throws UnavailableException, InterruptedException {
    Span span = span(context);
    json(context, ledgerJson.write(ledger.entries(span.from, span.to)));
  }

  /** What other instances ask for. */
  private void parts(Context context) throws UnavailableException {
    Span span = span(context);
    json(context, ledgerJson.writeParts(ledger.local(span.from, span.to)));
  }

  private static void json(Context context, JsonNode node) {
    context.contentType("application/json").result(node.toString());
  }

  /** Windows that a request asks for. */
  private record Span(Instant from, Instant to) {}

  private Span span(Context context) {
    Instant to = instant(context, "to", clock.instant().plus(LedgerSums.WINDOW));
    Instant from = instant(context, "from", to.minus(LAST));
    if (Duration.between(from, to).compareTo(LONGEST) > 0) {
      throw new BadRequestResponse(
          "from=%s to=%s is more than the %d hours that one request may ask for"
              .formatted(from, to, LONGEST.toHours()));
    }
    return new Span(from, to);
  }

  private static Instant instant(Context context, String name, Instant otherwise) {
    String value = context.queryParam(name);
    try {
      Instant instant = value == null ? otherwise : Instant.parse(value);
      if (!instant.isBefore(EARLIEST) && instant.isBefore(LATEST)) {
        return instant;
      }
    } catch (DateTimeParseException e) {
      LOG.debug("ledger: {} is no instant", value);
    }
    throw new BadRequestResponse(
        "%s=%s is no instant; valid: for instance 2026-11-26T12:00:00Z".formatted(name, value));
  }

  private void drift(Context context) throws UnavailableException, InterruptedException {
    ObjectNode node = mapper.createObjectNode();
    DriftJson.write(drift.read(), node);
    json(context, node);
  }

  private void unanswered(Context context) throws UnavailableException, InterruptedException {
    json(context, unansweredJson.write(unanswered.read(), unanswered.patience()));
  }

  /** What other instances ask for. */
  private void unansweredParts(Context context) throws UnavailableException {
    Instant readBefore =
        instant(context, "read_before", clock.instant().minus(unanswered.patience()));
    json(context, unansweredJson.writeParts(unanswered.local(readBefore)));
  }

  /** While a store moves, the rest of the metrics is worth having. */
  private void update() throws InterruptedException {
    try {
      drift.update();
    } catch (UnavailableException e) {
      LOG.info("ledger: drift is not known: {}", e.getMessage());
    }
    overdue.update();
  }

  /** Port on which it listens. */
  public int port() {
    return server.port();
  }

  /** Where it listens. */
  public String url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
    overdue.close();
  }
}
