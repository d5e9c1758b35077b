package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Where a command's web server listens. */
@OptionGroup(Heading.WEB_SERVER)
public final class HttpOptions {
  @Option(
      names = "--http-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address of the web server. It knows no users: others than this machine's should reach it only through"
              + " something that does. Default: ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Port of the web server; 0 for any free one. Default: 8080 for the dashboard, 8081 for the ledger,"
              + " no server for a tier")
  private Integer port;

  @Option(
      names = "--http-name",
      paramLabel = "NAME",
      split = ",",
      hideParamSyntax = true,
      description =
          "Names under which the web server is reached, beside localhost and addresses; requests to others are refused.")
  private List<String> names = List.of();

  /** Names under which it is reached. */
  public Set<String> names() {
    return Set.copyOf(names);
  }

  /** Address to listen on. */
  public String host() {
    return host;
  }

  /** Port to listen on, if one is given. */
  public Optional<Integer> port() {
    return Optional.ofNullable(port);
  }

  /** Port to listen on. */
  public int port(int otherwise) {
    return port == null ? otherwise : port;
  }
}
