package io.dimee.client.events;

import java.io.IOException;

/** Reads what an input holds, one after the other. */
interface ItemReader {
  /** Returns the next event or bad line, or null at the end. */
  InputItem next() throws IOException;
}
