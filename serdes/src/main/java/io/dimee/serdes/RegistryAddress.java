package io.dimee.serdes;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One address of a registry.
 *
 * @param location as it may be printed
 * @param user and password, as {@code user:password}; null when the address has none
 */
record RegistryAddress(String location, String user) {
  private static final Set<String> SCHEMES = Set.of("http", "https");
  private static final String AUTHORITY = "//";

  /**
   * Takes a value apart.
   *
   * @param key of the value, for messages
   * @param value addresses, with commas between
   * @throws IllegalArgumentException when one is none
   */
  static List<RegistryAddress> all(String key, String value) {
    try {
      return Stream.of(value.split(",", -1)).map(String::strip).map(RegistryAddress::of).toList();
    } catch (IllegalArgumentException e) {
      // without its cause, which quotes the whole of an address
      throw new IllegalArgumentException(
          "%s=%s is not valid; valid: http://host:port,... or https://host:port,..."
              .formatted(key, redacted(value)));
    }
  }

  private static RegistryAddress of(String address) {
    URI uri = URI.create(address);
    String authority = uri.getRawAuthority();
    if (authority == null || !SCHEMES.contains(uri.getScheme())) {
      throw new IllegalArgumentException(address);
    }
    int host = authority.lastIndexOf('@') + 1;
    int begin = address.indexOf(AUTHORITY) + AUTHORITY.length();
    String location = address.substring(0, begin) + address.substring(begin + host);
    // a password with a slash in it
    if (location.indexOf('@') >= 0) {
      throw new IllegalArgumentException(address);
    }
    return new RegistryAddress(location, host == 0 ? null : authority.substring(0, host - 1));
  }

  /**
   * The user of all addresses.
   *
   * @param key of the addresses, for messages
   * @return null when they have none
   * @throws IllegalArgumentException when they have different ones, or some have none
   */
  static String user(String key, List<RegistryAddress> addresses) {
    Set<String> users = new HashSet<>();
    addresses.forEach(address -> users.add(address.user()));
    if (users.size() > 1) {
      throw new IllegalArgumentException(
          key + " has different users; valid: the same user and password in all of its addresses");
    }
    return users.iterator().next();
  }

  /** All but what stands before the last host, whatever it is: it may be a password. */
  private static String redacted(String value) {
    return value.replaceFirst("^([a-z]+://|).*@", "$1...@");
  }
}
