package io.dimee.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import io.dimee.inference.bundle.BundleManifest;
import io.dimee.node.http.WebServer;
import io.dimee.node.operations.Operations;
import io.dimee.node.operations.ProcessMeters;
import io.dimee.node.stages.Health;
import io.dimee.topology.cluster.Connection;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.tracing.EventTracer;
import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.GatewayTimeoutResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnsupportedMediaTypeResponse;
import io.javalin.http.staticfiles.Location;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The dashboard's server: the page, what it shows, and events that are typed into it. */
public final class Dashboard implements AutoCloseable {
  /** Where it listens unless told otherwise. */
  public static final int PORT = 8080;

  /** Texts are truncated to 128 tokens anyway. */
  private static final int LONGEST_TEXT = 10_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Records of each topic that a dashboard reads from before its start. */
  private static final long BACKLOG = 50_000;

  /** Each holds a thread of the server, and the page needs some too. */
  private static final int MOST_QUESTIONS = 8;

  private final Semaphore asking = new Semaphore(MOST_QUESTIONS);
  private final ObjectMapper json = new ObjectMapper();
  private final KafkaSettings settings;
  private final Topics topics;
  private final Operations operations;
  private final Clock clock = Clock.systemUTC();
  private final LiveView view;
  private final Lags lags;
  private final ViewJson viewJson;
  private final Feed feed;
  private final Asker asker;
  private final WebServer server;

  /**
   * What a dashboard is made of.
   *
   * @param models manifests of the models that are known, by model id
   * @param driftWindow how far before the newest prediction those reach that drift is judged by
   * @param readOnly whether it sends no events
   * @param host address to listen on
   * @param port 0 for any free one
   * @param names under which its server is reached, beside localhost and addresses
   */
  public record Settings(
      Map<String, BundleManifest> models,
      Duration driftWindow,
      boolean readOnly,
      String host,
      int port,
      Set<String> names) {}

  /**
   * Starts.
   *
   * @param tracer traces the events that it sends
   * @param meters shown at /metrics; its owner's to close
   * @param others health of the process's other parts, asked each time
   */
  public Dashboard(
      Connection connection,
      Settings own,
      EventTracer tracer,
      ProcessMeters meters,
      Supplier<List<Health>> others) {
    this.operations =
        new Operations(
            meters, () -> Stream.concat(others.get().stream(), Stream.of(health())).toList());
    this.settings = connection.settings();
    this.topics = connection.topics();
    this.view = new LiveView(own.driftWindow, new Series(clock), clock);
    this.feed = new Feed(connection, BACKLOG, this::take, this::take);
    this.lags = new Lags(settings, topics, meters.registry(), clock);
    this.viewJson = new ViewJson(own.models, lags);
    Asker newAsker = null;
    try {
      newAsker = own.readOnly ? null : new Asker(connection, tracer, clock);
      this.asker = newAsker;
      this.server = WebServer.start(own.host, own.port, own.names, this::routes);
    } catch (RuntimeException e) {
      lags.close();
      if (newAsker != null) {
        newAsker.close();
      }
      throw e;
    }
    lags.start();
    feed.start();
  }

  private void routes(JavalinConfig config) {
    config.staticFiles.add(
        files -> {
          files.hostedPath = "/";
          files.directory = "/io/dimee/node/dashboard/page";
          files.location = Location.CLASSPATH;
        });
    operations.routes(config);
    config.routes.get("/api/state", this::state);
    config.routes.post("/api/ask", this::ask);
  }

  private Health health() {
    return new Health("dashboard", feed.isLive(), feed.isReading());
  }

  private void take(Prediction prediction, Instant written) {
    view.add(prediction, written);
    if (asker != null) {
      asker.answered(prediction);
    }
  }

  private void take(DeadLetter letter, Instant written) {
    view.add(letter, written);
    if (asker != null) {
      asker.refused(letter);
    }
  }

  private void state(Context context) {
    ObjectNode node = viewJson.of(view.snapshot(), clock.instant());
    node.putObject("pipeline")
        .put("prefix", topics.prefix())
        .put("bootstrap_servers", settings.bootstrapServers())
        .put("read_only", asker == null)
        .put("problem", feed.problem());
    context.header("Cache-Control", "no-store");
    json(context, node);
  }

  private void ask(Context context) throws InterruptedException {
    if (asker == null) {
      throw new ForbiddenResponse("this dashboard is read-only");
    }
    // a form of another page cannot have this type without asking first
    if (!String.valueOf(context.contentType()).startsWith("application/json")) {
      throw new UnsupportedMediaTypeResponse("the request must be application/json");
    }
    JsonNode question = read(context.body());
    String text = text(question, "text");
    if (text == null || text.isBlank()) {
      throw new BadRequestResponse("the text is blank");
    }
    String pair = text(question, "text_pair");
    if (!asking.tryAcquire()) {
      throw new TooManyRequestsResponse(
          "%d requests are waiting already".formatted(MOST_QUESTIONS));
    }
    try {
      answer(context, asker.ask(text, pair));
    } finally {
      asking.release();
    }
  }

  private void answer(Context context, CompletableFuture<Object> outcome)
      throws InterruptedException {
    try {
      Object found = outcome.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      ObjectNode node = json.createObjectNode();
      if (found instanceof Prediction prediction) {
        node.set("prediction", viewJson.prediction(prediction));
      } else {
        node.set("dead_letter", viewJson.letter((DeadLetter) found));
      }
      json(context, node);
    } catch (TimeoutException e) {
      outcome.cancel(false);
      throw new GatewayTimeoutResponse(
          "no answer within %d s: is every tier running?".formatted(PATIENCE.toSeconds()));
    } catch (ExecutionException e) {
      throw new ServiceUnavailableResponse(
          "the event was not written: " + e.getCause().getMessage());
    }
  }

  private JsonNode read(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new BadRequestResponse("the request is not JSON: " + e.getOriginalMessage());
    }
  }

  private static String text(JsonNode question, String name) {
    JsonNode value = question.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new BadRequestResponse(name + " must be a string");
    }
    if (value.textValue().length() > LONGEST_TEXT) {
      throw new BadRequestResponse(
          "%s has %d characters; valid: %d at most"
              .formatted(name, value.textValue().length(), LONGEST_TEXT));
    }
    return value.textValue();
  }

  private void json(Context context, ObjectNode node) {
    context.contentType("application/json").result(node.toString());
  }

  /** Why no outcome can be read, or nothing when they can. */
  public Optional<String> problem() {
    return Optional.ofNullable(feed.problem())
        .map(
            cause ->
                "cannot read outcomes from %s: %s".formatted(settings.bootstrapServers(), cause));
  }

  /** Where a browser finds it. */
  public String url() {
    return server.url();
  }

  @Override
  public void close() {
    server.close();
    feed.close();
    lags.close();
    if (asker != null) {
      asker.close();
    }
  }
}
