package io.dimee.node.http;

import io.dimee.topology.cluster.ConfigurationException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A web server that answers in JSON and says what browsers may do with it. */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int MAX_PORT = 65_535;
  private static final int MOST_THREADS = 24;

  /** No name, so that nobody else can have made it point here. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");

  private final Javalin app;
  private final String host;

  private WebServer(Javalin app, String host) {
    this.app = app;
    this.host = host;
  }

  /**
   * Starts.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @param names under which it is reached, beside addresses, localhost and host. Requests to other
   *     names are refused: a page from elsewhere can make a name of its own point here
   * @param routes what is answered
   * @throws ConfigurationException when host or port cannot be used
   */
  public static WebServer start(
      String host, int port, Set<String> names, Consumer<JavalinConfig> routes) {
    if (port < 0 || port > MAX_PORT) {
      throw new ConfigurationException(
          "http-port=%d is not a port; valid: 0 (any free port) to %d".formatted(port, MAX_PORT));
    }
    Set<String> own = new HashSet<>(names);
    own.add("localhost");
    own.add(requireAddress(host));
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
              config.routes.before(context -> secure(context, own));
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
          "http-port=%d cannot be used on %s: %s".formatted(port, host, rootCause(e).getMessage()),
          e);
    }
  }

  private static String requireAddress(String host) {
    try {
      InetAddress.getByName(host);
      return host;
    } catch (UnknownHostException e) {
      throw new ConfigurationException(
          "http-host=%s is not an address of this machine".formatted(host), e);
    }
  }

  private static void secure(Context context, Set<String> names) {
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header(
        "Content-Security-Policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
    String asked = String.valueOf(context.header("Host"));
    String name = asked.replaceFirst(":\\d+$", "");
    if (!ADDRESS.matcher(name).matches() && !names.contains(name)) {
      throw new ForbiddenResponse(
          "%s is not a known name of this server; add it with --http-name".formatted(name));
    }
    String origin = context.header("Origin");
    boolean navigates = "navigate".equals(context.header("Sec-Fetch-Mode"));
    if ((origin != null && !origin.replaceFirst("^https?://", "").equals(asked))
        || ("cross-site".equals(context.header("Sec-Fetch-Site")) && !navigates)) {
      throw new ForbiddenResponse("cross-origin requests are refused");
    }
  }

  private static void error(Context context, int status, String message) {
    context.status(status).json(Map.of("error", message));
  }

  private static Throwable rootCause(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
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
