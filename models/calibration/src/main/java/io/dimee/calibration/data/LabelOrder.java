package io.dimee.calibration.data;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The order of classes that nobody has set. */
final class LabelOrder {
  private static final String NUMBER = "[-+]?[0-9]{1,18}(\\.[0-9]{1,18})?";

  private LabelOrder() {}

  /** Numbers by value, else all by name. */
  static List<String> sorted(Collection<String> labels) {
    Comparator<String> order =
        areNumbers(labels) ? Comparator.comparing(BigDecimal::new) : Comparator.naturalOrder();
    return labels.stream().sorted(order).toList();
  }

  static boolean areNumbers(Collection<String> labels) {
    return labels.stream().allMatch(label -> label.matches(NUMBER));
  }

  static boolean areWhole(Collection<String> labels) {
    return labels.stream().noneMatch(label -> label.contains("."));
  }
}
