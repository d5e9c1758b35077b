package io.dimee.client.events;

import java.io.IOException;

/** Where lines come from. */
interface LineSource {
  /** Returns the next line, or null at the end. */
  Line next() throws IOException;
}
