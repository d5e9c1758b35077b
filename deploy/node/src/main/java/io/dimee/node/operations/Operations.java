package io.dimee.node.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dimee.node.http.WebServer;
import io.dimee.node.stages.Health;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Answers {@code GET /metrics}, {@code /health/live} and {@code /health/ready}: 200 when all parts
 * are, 503 and which are not otherwise.
 */
public final class Operations {
  private final ObjectMapper json = new ObjectMapper();
  private final ProcessMeters meters;
  private final Supplier<List<Health>> health;
  private final HealthMeter healthMeter;

  /**
   * Creates the answers.
   *
   * @param health of the parts, asked each time
   */
  public Operations(ProcessMeters meters, Supplier<List<Health>> health) {
    this.meters = meters;
    this.health = health;
    this.healthMeter = new HealthMeter(meters.registry());
  }

  /** Starts a server that answers nothing else. */
  public WebServer serve(String host, int port, Set<String> names) {
    return WebServer.start(host, port, names, this::routes);
  }

  /** Adds the answers to a server. */
  public void routes(JavalinConfig config) {
    config.routes.get("/metrics", this::metrics);
    config.routes.get("/health/live", context -> tell(context, Health::live));
    config.routes.get("/health/ready", context -> tell(context, Health::ready));
  }

  private void metrics(Context context) {
    healthMeter.update(health.get());
    context.contentType(ProcessMeters.TYPE).result(meters.scrape());
  }

  private void tell(Context context, Predicate<Health> good) {
    ObjectNode node = json.createObjectNode();
    boolean all = true;
    for (Health part : health.get()) {
      node.put(part.part(), good.test(part));
      all &= good.test(part);
    }
    context
        .status(all ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .contentType("application/json")
        .result(node.toString());
  }
}
