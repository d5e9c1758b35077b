package io.dimee.console;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The heading under which help lists options: those of a class, or the one of a field. Without it,
 * they are among those that most people need.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface OptionGroup {
  /** The heading. */
  Heading value();

  /** Headings in the order in which help prints them. */
  enum Heading {
    OPTIONS("Options"),
    INPUT("Input"),
    DATA("Data set"),
    PIPELINE("Pipeline"),
    MODEL("Model"),
    TRAINING("Training"),
    CALIBRATION("Calibration"),
    WHAT_IF("What if"),
    MEASUREMENT("Measurement"),
    KAFKA("Kafka"),
    REGISTRY("Schema registry"),
    WEB_SERVER("Web server"),
    OUTPUT("Output"),
    GENERAL("General");

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
