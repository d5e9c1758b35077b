package io.dimee.topology;

import java.util.ArrayList;
import java.util.List;

/** Arrays as Avro takes them. */
final class Floats {
  private Floats() {}

  static List<Float> asList(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
