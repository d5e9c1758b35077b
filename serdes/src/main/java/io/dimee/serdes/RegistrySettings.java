package io.dimee.serdes;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How to reach a schema registry, in the names of Confluent's client.
 *
 * @param url one or more addresses, with commas between; a user and a password in them become
 *     properties, so that who prints or logs the address does not print them
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

  /** Where the client has a user from; from the address, unless this or the next says so. */
  private static final String CREDENTIALS = "basic.auth.credentials.source";

  private static final String TOKEN = "bearer.auth.credentials.source";
  private static final String FROM_ADDRESS = "URL";
  private static final String FROM_USER = "USER_INFO";
  private static final String USER = "basic.auth.user.info";

  /** What the client lets a key begin with. */
  private static final String PREFIX = "schema.registry.";

  private static final int ATTEMPTS = 10;

  /** Checks the address. */
  public RegistrySettings {
    List<RegistryAddress> addresses = RegistryAddress.all(URL, url);
    String user = RegistryAddress.user(URL, addresses);
    Map<String, String> all = new HashMap<>(client);
    if (user != null && isFromAddress(all)) {
      all.remove(PREFIX + CREDENTIALS);
      all.put(CREDENTIALS, FROM_USER);
      all.put(USER, user);
    }
    client = Map.copyOf(all);
    url = addresses.stream().map(RegistryAddress::location).collect(Collectors.joining(","));
  }

  private static boolean isFromAddress(Map<String, String> client) {
    String source = client.getOrDefault(PREFIX + CREDENTIALS, client.get(CREDENTIALS));
    boolean hasToken = client.containsKey(TOKEN) || client.containsKey(PREFIX + TOKEN);
    return source == null ? !hasToken : source.equals(FROM_ADDRESS);
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
        .formatted(url, client.keySet(), autoRegister);
  }
}
