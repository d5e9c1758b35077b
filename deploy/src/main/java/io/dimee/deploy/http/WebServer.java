package io.dimee.deploy.http;

import io.dimee.deploy.ConfigurationException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A web server that answers in JSON and says what browsers may do with it. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int MAX_PORT = 65_535;
  private static final int MOST_THREADS = 24;

  /** Names under which a browser reaches a server of its own machine. */
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Javalin app;
  private final String host;

  private WebServer(Javalin app, String host) {
    this.app = app;
    this.host = host;
  }

  /**
   * Starts.
   *
   * @param host address to listen on. On the loopback address, only requests to this machine by its
   *     loopback names are answered: a page from elsewhere could make its own name point here
   * @param port 0 for any free one
   * @param routes what is answered
   * @throws ConfigurationException when host or port cannot be used
   */
  public static WebServer start(String host, int port, Consumer<JavalinConfig> routes) {
    if (port < 0 || port > MAX_PORT) {
      throw new ConfigurationException(
          "http-port=%d is no port; valid: 0 (any free one) to %d".formatted(port, MAX_PORT));
    }
    boolean onlyHere = isLoopback(host);
    QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
    threads.setName("dimee-http");
    threads.setDaemon(true);
    Javalin app =
        Javalin.create(
            config -> {
              config.startup.showJavalinBanner = false;
              config.startup.showOldJavalinVersionWarning = false;
              config.startup.startupWatcherEnabled = false;
              config.jetty.threadPool = threads;
              config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
              config.routes.before(context -> secure(context, onlyHere));
              config.routes.exception(
                  HttpResponseException.class,
                  (e, context) -> error(context, e.getStatus(), e.getMessage()));
              config.routes.exception(
                  Exception.class,
                  (e, context) -> {
                    LOG.warn("{} {} failed", context.method(), context.path(), e);
                    error(context, HttpStatus.INTERNAL_SERVER_ERROR.getCode(), String.valueOf(e));
                  });
              routes.accept(config);
            });
    try {
      return new WebServer(app.start(host, port), host);
    } catch (JavalinBindException e) {
      throw new ConfigurationException(
          "http-port=%d is taken on %s; choose another, or 0 for any free one"
              .formatted(port, host),
          e);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigurationException(
          "http-host=%s is no address of this machine".formatted(host), e);
    }
  }

  private static void secure(Context context, boolean onlyHere) {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header(
        "Content-Security-Policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    String asked = context.header("Host");
    if (onlyHere && (asked == null || !LOOPBACK.contains(asked.replaceFirst(":\\d+$", "")))) {
      throw new ForbiddenResponse("this server answers to localhost alone");
    }
    String origin = context.header("Origin");
    if (origin != null && !origin.equals("http://" + asked)) {
      throw new ForbiddenResponse("requests of pages from elsewhere are not answered");
    }
  }

  private static void error(Context context, int status, String message) {
    context.status(status).json(Map.of("error", message));
  }

  /** Port on which it listens. */
  public int port() {
    return app.port();
  }

  /** Where a browser of this machine finds it. */
  public String url() {
    return "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, app.port());
  }

  @Override
  public void close() {
    app.stop();
  }
}
