package io.dimee.console;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.console.OptionGroup.Heading;
import io.dimee.inference.bundle.Prices;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Prices other than a bundle's. */
@OptionGroup(Heading.MODEL)
public final class PricesOption {
  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description =
          "JSON file with prices, in the form of a bundle's manifest. Default: the bundle's")
  private Path file;

  /** The file's prices, or those given when there is none. */
  public Prices or(Prices otherwise) {
    if (file == null) {
      return otherwise;
    }
    try {
      return new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .readValue(file.toFile(), Prices.class);
    } catch (IOException e) {
      throw new ConfigurationException(
          "prices=%s cannot be read: %s"
              .formatted(file, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }
}
