package io.dimee.console;

import java.util.Map;

/**
 * The command line as its commands see it: what the process was given, as far as no option says it.
 */
public interface ProcessEnvironment {
  /** Environment variables by name. */
  Map<String, String> environment();
}
