package io.dimee.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The heading under which {@code dimee --help} lists a command. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface CommandGroup {
  /** The heading. */
  Heading value();

  /** Headings in the order in which help prints them. */
  enum Heading {
    RUN("Run"),
    SERVICES("Services"),
    CLIENTS("Clients and topics"),
    ANALYTICS("Analytics"),
    MODELS("Models");

    private final String title;

    Heading(String title) {
      this.title = title;
    }

    /** As it is printed. */
    public String title() {
      return title;
    }
  }
}
