package io.dimee.topology.tier;

import java.util.ArrayList;
import java.util.List;

/** Arrays as Avro takes them. */
public final class Floats {
  private Floats() {}

  /** The values as Avro takes them. */
  public static List<Float> asList(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }
}
