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
          "Address that the web server listens on. It has no authentication: expose it to other machines only"
              + " behind something that has. Default: ${DEFAULT-VALUE}")
  private String host;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      description =
          "Port of the web server; 0 for any free port. Default: 8080 for the dashboard, 8081 for the ledger, no"
              + " server for a tier")
  private Integer port;

  @Option(
      names = "--http-name",
      paramLabel = "NAME",
      split = ",",
      hideParamSyntax = true,
      description =
          "Further host name under which the web server is reached, besides localhost and IP addresses; requests"
              + " by any other name are refused. Repeatable, or separated by commas.")
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
