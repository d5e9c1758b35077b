package io.dimee.deploy.cli;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.deploy.ConfigurationException;
import io.dimee.deploy.pipeline.ModelSource;
import io.dimee.inference.Bundle;
import io.dimee.inference.FileCache;
import io.dimee.inference.Prices;
import io.dimee.serdes.HiddenCodec;
import io.dimee.topology.Delivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which model answers, and how tasks travel. */
final class ModelOptions {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]*";

  @Option(
      names = "--bundle",
      paramLabel = "NAME|DIR",
      defaultValue = "sst2",
      description =
          "A bundle of this project by name, or a bundle's directory. Default: ${DEFAULT-VALUE}")
  private String bundle;

  @Option(
      names = "--cache-dir",
      paramLabel = "DIR",
      description = "Where assembled models are kept. Default: ~/.cache/dimee")
  private Path cacheDirectory;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Cores that one tier's inference may use. Default: all")
  private Integer threads;

  @Option(
      names = "--hidden-codec",
      paramLabel = "fp32|fp16|int8",
      defaultValue = "fp16",
      description = "How hidden states are encoded between tiers. Default: ${DEFAULT-VALUE}")
  private String codec;

  @Option(
      names = "--delivery",
      paramLabel = "exactly-once|at-least-once",
      defaultValue = "exactly-once",
      description = "What a crash may do to outcomes. Default: ${DEFAULT-VALUE}")
  private String delivery;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description =
          "JSON file with prices, laid out as in a bundle's manifest. Default: the bundle's")
  private Path prices;

  ModelSource source() {
    Bundle opened = Bundle.open(directory());
    Prices priced = prices == null ? opened.manifest().prices() : readPrices();
    return new ModelSource(opened, new FileCache(cache()), priced, threads(), codec());
  }

  private Prices readPrices() {
    try {
      return new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .readValue(prices.toFile(), Prices.class);
    } catch (IOException e) {
      throw new ConfigurationException(
          "prices=%s cannot be read: %s"
              .formatted(prices, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  Delivery delivery() {
    return ConfigurationException.check(() -> Delivery.of(delivery));
  }

  private HiddenCodec codec() {
    return ConfigurationException.check(() -> HiddenCodec.of(codec));
  }

  private int threads() {
    if (threads == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (threads < 1) {
      throw new ConfigurationException("threads=%d must be 1 or more".formatted(threads));
    }
    return threads;
  }

  private Path cache() {
    if (cacheDirectory != null) {
      return cacheDirectory;
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path base =
        xdg == null || xdg.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    return base.resolve("dimee");
  }

  /** A plain name means a bundle of this project; anything else is a path. */
  private Path directory() {
    Path bundles = Path.of(System.getProperty("dimee.home", "."), "models", "bundles");
    if (bundle.matches(NAME) && Files.isDirectory(bundles.resolve(bundle))) {
      return bundles.resolve(bundle);
    }
    if (Files.isDirectory(Path.of(bundle))) {
      return Path.of(bundle);
    }
    throw new ConfigurationException(
        "bundle=%s is neither a bundle's name nor a directory; valid names: %s"
            .formatted(bundle, String.join(", ", names(bundles))));
  }

  private static List<String> names(Path bundles) {
    try (Stream<Path> entries = Files.list(bundles)) {
      return entries
          .filter(entry -> Files.exists(entry.resolve(Bundle.MANIFEST)))
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      // the message that lists the names is about something else
      return List.of();
    }
  }
}
