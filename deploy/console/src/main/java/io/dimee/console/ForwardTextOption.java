package io.dimee.console;

import io.dimee.console.OptionGroup.Heading;
import io.dimee.topology.deadletters.PayloadHead;
import picocli.CommandLine.Option;

/** Whether raw text may leave the mobile tier. */
@OptionGroup(Heading.PIPELINE)
public final class ForwardTextOption {
  @Option(
      names = "--forward-text",
      paramLabel = "true|false",
      arity = "0..1",
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Whether dead letters hold the beginning of a text that cannot be answered. Tasks hold no text, but"
              + " tokens and hidden states, from which it can be recovered. Default: ${DEFAULT-VALUE}")
  private boolean forwardText;

  /** The choice, as dead letters know it. */
  public PayloadHead head() {
    return forwardText ? PayloadHead.KEPT : PayloadHead.WITHHELD;
  }
}
