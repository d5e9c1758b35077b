package io.dimee.console;

import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A properties file that an option names. */
public final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * Reads a file in UTF-8.
   *
   * @param option that names it, for messages
   * @throws ConfigurationException when it cannot be read
   */
  public static Map<String, String> read(String option, Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(
          "%s=%s cannot be read: %s; valid: a properties file".formatted(option, file, e), e);
    }
    Map<String, String> entries = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
    return entries;
  }
}
