package io.dimee.cli;

import picocli.CommandLine;

/** The version that the jar's manifest states. */
final class Version implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Version.class.getPackage().getImplementationVersion();
    return new String[] {"dimee " + (version == null ? "(not packaged)" : version)};
  }
}
