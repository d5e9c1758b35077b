package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.RegistryFormats;
import io.dimee.serdes.RegistrySettings;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.topology.cluster.ConfigurationException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Whether and where there is a schema registry. */
@OptionGroup(Heading.REGISTRY)
public final class RegistryOptions {
  @Option(
      names = "--schema-registry-url",
      paramLabel = "URL,...",
      description =
          "Confluent-compatible schema registry; records are then in Confluent's wire format. Default: none, Avro"
              + " single-object encoding")
  private String url;

  @Option(
      names = "--schema-registry-property",
      paramLabel = "KEY=VALUE",
      split = "\\R",
      hideParamSyntax = true,
      description =
          "Schema registry client property, e.g. basic.auth.credentials.source=USER_INFO or"
              + " auto.register.schemas=true. Repeatable; in the environment and in the file of --config, one per line.")
  private Map<String, String> properties = new LinkedHashMap<>();

  /**
   * The wire format of this process.
   *
   * @param others client properties that may hold a registry's too
   * @param autoRegister unless the properties say so
   */
  public RecordFormats formats(Map<String, String> others, boolean autoRegister) {
    return settings(others, autoRegister) == null
        ? new SingleObjectFormats()
        : registry(others, autoRegister);
  }

  /**
   * The registry's formats.
   *
   * @throws ConfigurationException when no registry is named
   */
  public RegistryFormats registry(Map<String, String> others, boolean autoRegister) {
    RegistrySettings settings = settings(others, autoRegister);
    if (settings == null) {
      throw new ConfigurationException(
          "schema-registry-url is missing; valid: http://host:port,... or https://host:port,...");
    }
    return ConfigurationException.check(() -> new RegistryFormats(settings));
  }

  private RegistrySettings settings(Map<String, String> others, boolean autoRegister) {
    for (String key : properties.keySet()) {
      if (!RegistrySettings.isOwn(key)) {
        throw new ConfigurationException(
            "schema-registry-property %s is not a property of the registry client".formatted(key));
      }
    }
    Map<String, String> all = new HashMap<>(others);
    all.putAll(properties);
    if (url != null) {
      all.put(RegistrySettings.URL, url);
    }
    return ConfigurationException.check(() -> RegistrySettings.of(all, autoRegister));
  }
}
