package io.dimee.serdes;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Avro makes no object of a generated class, when it decodes or copies a record, unless the class
 * is trusted. Trust is one setting of the whole process, in Avro itself. It is set here rather than
 * with Avro's system property, so that no launcher, container or test has to remember the flag.
 */
final class AvroTrust {
  private AvroTrust() {}

  /** Lets Avro create the classes of a package, on top of those that it trusts already. */
  static synchronized void extendTo(Class<?> generated) {
    ClassSecurityPredicate trusted = ClassSecurityValidator.getGlobal();
    if (trusted.isTrusted(generated)) {
      return;
    }
    String name = generated.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(trusted, type -> type.getPackageName().equals(name)));
  }
}
