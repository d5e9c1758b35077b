package io.dimee.lab.model;

import picocli.CommandLine.Model.CommandSpec;

/** The command line as its user typed it, to be recorded with what it made. */
final class Invocation {
  private Invocation() {}

  static String of(CommandSpec spec) {
    return "./dimee "
        + String.join(" ", spec.commandLine().getParent().getParseResult().originalArgs());
  }
}
