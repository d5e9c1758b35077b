package io.dimee.tables;

import java.io.IOException;

/** Where lines come from. */
public interface LineSource {
  /** Returns the next line, or null at the end. */
  Line next() throws IOException;
}
