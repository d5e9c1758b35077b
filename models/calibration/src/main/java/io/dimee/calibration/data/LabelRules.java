package io.dimee.calibration.data;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the labels of a data set mean.
 *
 * @param order the classes, in the order of their indices; empty for those of the training rows,
 *     sorted
 * @param names what labels of the files are called, by the label; {@code *} names all others, which
 *     else keep their own
 * @param pattern the part of a label that counts: its first group, or all that it matches
 * @param dropped labels whose rows are left out
 * @param unknown label of rows that belong to no class: out of scope
 */
public record LabelRules(
    List<String> order,
    Map<String, String> names,
    Optional<Pattern> pattern,
    Set<String> dropped,
    Optional<String> unknown) {
  private static final String OTHERS = "*";
  private static final Pattern DECIMALS = Pattern.compile("\\.0+$");

  /** Every label is a class under its own name. */
  public static final LabelRules NONE =
      new LabelRules(List.of(), Map.of(), Optional.empty(), Set.of(), Optional.empty());

  /** Checks that no class is named twice. */
  public LabelRules {
    order = List.copyOf(order);
    names = Map.copyOf(names);
    dropped = Set.copyOf(dropped);
    if (Set.copyOf(order).size() < order.size()) {
      throw new DataException("labels=%s names a class twice".formatted(String.join(",", order)));
    }
  }

  /** Classes that are given with their labels in the files, in order. */
  static LabelRules ofCodes(List<String> codes, List<String> classes) {
    Map<String, String> names =
        IntStream.range(0, codes.size())
            .boxed()
            .collect(Collectors.toMap(codes::get, classes::get));
    return new LabelRules(classes, names, Optional.empty(), Set.of(), Optional.empty());
  }

  /** The class that a label of the files means. */
  String classOf(String label) {
    String part = part(label.strip());
    String name = names.get(part);
    if (name != null || part.isEmpty() || names.isEmpty()) {
      return name == null ? part : name;
    }
    // tools that work on tables write integers as decimals
    String whole = DECIMALS.matcher(part).replaceFirst("");
    return names.getOrDefault(whole, names.getOrDefault(OTHERS, part));
  }

  private String part(String label) {
    if (pattern.isEmpty()) {
      return label;
    }
    Matcher matcher = pattern.get().matcher(label);
    if (!matcher.find()) {
      return label;
    }
    String part = matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
    return part == null ? "" : part;
  }
}
