package io.dimee.serdes;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/**
 * How to reach a schema registry, in the names of Confluent's client.
 *
 * @param url one or more addresses, with commas between
 * @param client everything else that the client understands: {@code basic.auth.*}, {@code
 *     bearer.auth.*}, {@code schema.registry.ssl.*}
 * @param autoRegister whether writers register schemas that are new
 * @param attempts how often a registry that does not answer is asked before a process gives up; ten
 *     take about 50 s
 */
public record RegistrySettings(
    String url, Map<String, String> client, boolean autoRegister, int attempts) {
  /** Key of the address. */
  public static final String URL = "schema.registry.url";

  /** Key of {@link #autoRegister}. */
  public static final String AUTO_REGISTER = "auto.register.schemas";

  private static final int ATTEMPTS = 10;

  /** Checks the address. */
  public RegistrySettings {
    for (String address : url.split(",", -1)) {
      String scheme = scheme(address);
      if (!"http".equals(scheme) && !"https".equals(scheme)) {
        throw new IllegalArgumentException(
            "%s=%s is not valid; valid: http://host:port,... or https://host:port,..."
                .formatted(URL, withoutUser(url)));
      }
    }
    client = Map.copyOf(client);
  }

  private static String scheme(String address) {
    try {
      return URI.create(address.strip()).getScheme();
    } catch (IllegalArgumentException e) {
      // the caller's message names the key and what would be valid
      return null;
    }
  }

  /** An address may hold a password. */
  private static String withoutUser(String url) {
    return url.replaceAll("//[^/@]*@", "//...@");
  }

  /** Whether a client property is the registry's and not Kafka's. */
  public static boolean isOwn(String key) {
    return key.startsWith("schema.registry.")
        || key.startsWith("basic.auth.")
        || key.startsWith("bearer.auth.")
        || key.equals(AUTO_REGISTER);
  }

  /**
   * Takes the registry's part of client properties.
   *
   * @param properties of which those with an address are a registry's
   * @param autoRegister unless the properties say so
   * @return null when there is no address
   * @throws IllegalArgumentException when a value is not valid
   */
  public static RegistrySettings of(Map<String, String> properties, boolean autoRegister) {
    String url = properties.get(URL);
    if (url == null) {
      return null;
    }
    Map<String, String> client = new HashMap<>(properties);
    client.keySet().removeIf(key -> !isOwn(key) || key.equals(URL) || key.equals(AUTO_REGISTER));
    return new RegistrySettings(
        url, client, flag(properties.get(AUTO_REGISTER), autoRegister), ATTEMPTS);
  }

  private static boolean flag(String value, boolean otherwise) {
    if (value == null) {
      return otherwise;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(
          "%s=%s is not valid; valid: true, false".formatted(AUTO_REGISTER, value));
    }
    return value.equals("true");
  }

  /** Values may be secrets. */
  @Override
  public String toString() {
    return "RegistrySettings[url=%s, client=%s, autoRegister=%s]"
        .formatted(withoutUser(url), client.keySet(), autoRegister);
  }
}
