package io.dimee.console;

import java.util.List;

/**
 * Commands of a module, found by {@link java.util.ServiceLoader}: the command line has those whose
 * modules are on the class path.
 */
public interface CommandSource {
  /** Place among the sources in the list of commands, the smallest first. */
  int rank();

  /** Classes with picocli's annotation Command. */
  List<Class<?>> commands();
}
