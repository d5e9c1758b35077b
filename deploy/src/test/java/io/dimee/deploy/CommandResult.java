package io.dimee.deploy;

import io.dimee.cli.Dimee;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command line run in this process gave back and printed. */
public record CommandResult(int code, String out, String err) {
  /** Runs one with an empty environment. */
  public static CommandResult of(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = new Dimee(new PrintWriter(out), new PrintWriter(err), Map.of()).run(args);
    return new CommandResult(code, out.toString(), err.toString());
  }
}
