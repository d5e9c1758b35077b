package io.dimee.k8s.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the documentation says of metrics and alerts. */
final class OperationsPage {
  static final Path FILE = Path.of("../docs/operations.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(dimee_\\w+)` \\|");

  private OperationsPage() {}

  /** The metrics of the table. */
  static Set<String> metrics() throws IOException {
    return ROW.matcher(Files.readString(FILE))
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
