package io.dimee.console;

import io.dimee.topology.deadletters.PayloadHead;
import picocli.CommandLine.Option;

/** Whether raw text may leave the mobile tier. */
public final class ForwardTextOption {
  @Option(
      names = "--forward-text",
      paramLabel = "true|false",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether dead letters hold the head of a text that cannot be answered. Tasks hold no text, but word pieces"
              + " and hidden states, from which it can be read. Default: ${DEFAULT-VALUE}")
  private boolean forwardText;

  /** The choice, as dead letters know it. */
  public PayloadHead head() {
    return forwardText ? PayloadHead.KEPT : PayloadHead.WITHHELD;
  }
}
