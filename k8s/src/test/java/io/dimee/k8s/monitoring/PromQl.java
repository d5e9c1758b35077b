package io.dimee.k8s.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads PromQL as far as dashboards and alerts of this project go, and refuses the rest: which
 * series an expression selects, and what it asks of them. No parser for Java was found on Maven
 * Central.
 */
final class PromQl {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(\"(?:[^\"\\\\]|\\\\.)*\"|[0-9][0-9.]*[a-z]*|[a-zA-Z_:][a-zA-Z0-9_:]*"
              + "|=~|!~|==|!=|>=|<=|[-+*/%^(){}\\[\\],=<>])");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Set<String> AGGREGATIONS =
      Set.of("sum", "min", "max", "avg", "count", "topk");
  private static final Set<String> FUNCTIONS =
      Set.of("rate", "increase", "changes", "histogram_quantile", "absent", "clamp_min");
  private static final Set<String> OPERATORS =
      Set.of("+", "-", "*", "/", "%", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless");
  private static final Set<String> MATCHERS = Set.of("=", "!=", "=~", "!~");
  private static final Set<String> RANGE_FUNCTIONS = Set.of("rate", "increase", "changes");

  private final List<String> tokens = new ArrayList<>();
  private final List<Selector> selectors = new ArrayList<>();
  private int at;

  /**
   * What is asked of one metric.
   *
   * @param function that takes the series, or empty
   * @param quantile whether a quantile is made of it
   * @param matchers values by label; those of regular expressions and negations are null
   * @param grouped labels by which series are put together or matched
   */
  record Selector(
      String metric,
      String function,
      boolean quantile,
      Map<String, String> matchers,
      Set<String> grouped) {}

  private PromQl(String text) {
    // Grafana's variables stand for text; two of them are no string
    String plain = text.replace("$__rate_interval", "1m").replace("$__range", "1h").strip();
    Matcher matcher = TOKEN.matcher(plain);
    int end = 0;
    while (end < plain.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw new IllegalArgumentException("'%s' is not known".formatted(plain.substring(end)));
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
  }

  /**
   * The selectors of an expression.
   *
   * @throws IllegalArgumentException when it is no expression of the known kind
   */
  static List<Selector> selectors(String expression) {
    PromQl query = new PromQl(expression);
    query.expression("", false, Set.of());
    if (query.at < query.tokens.size()) {
      throw new IllegalArgumentException("'%s' is too much".formatted(query.peek()));
    }
    return List.copyOf(query.selectors);
  }

  private String peek() {
    return at < tokens.size() ? tokens.get(at) : "";
  }

  private String next() {
    if (at == tokens.size()) {
      throw new IllegalArgumentException("the expression ends too early");
    }
    return tokens.get(at++);
  }

  private boolean skip(String token) {
    boolean there = peek().equals(token);
    at += there ? 1 : 0;
    return there;
  }

  private void require(String token) {
    if (!skip(token)) {
      throw new IllegalArgumentException("'%s' instead of '%s'".formatted(peek(), token));
    }
  }

  /** Precedence says nothing of what is selected. */
  private void expression(String function, boolean quantile, Set<String> grouped) {
    int first = selectors.size();
    operand(function, quantile, grouped);
    while (OPERATORS.contains(peek())) {
      at++;
      Set<String> on = Set.of();
      if (skip("on")) {
        on = labels();
      }
      if (skip("group_left")) {
        labels();
      }
      operand(function, quantile, grouped);
      for (int i = first; i < selectors.size(); i++) {
        selectors.set(i, groupedBy(selectors.get(i), on));
      }
    }
  }

  private static Selector groupedBy(Selector selector, Set<String> labels) {
    Set<String> all = new LinkedHashSet<>(selector.grouped());
    all.addAll(labels);
    return new Selector(
        selector.metric(), selector.function(), selector.quantile(), selector.matchers(), all);
  }

  private void operand(String function, boolean quantile, Set<String> grouped) {
    String token = next();
    if (token.equals("(")) {
      expression(function, quantile, grouped);
      require(")");
    } else if (AGGREGATIONS.contains(token)) {
      Set<String> labels = new LinkedHashSet<>(grouped);
      if (skip("by")) {
        labels = labels();
      }
      arguments("", quantile, labels);
    } else if (FUNCTIONS.contains(token)) {
      arguments(token, quantile || token.equals("histogram_quantile"), grouped);
    } else if (NAME.matcher(token).matches()) {
      selector(token, function, quantile, grouped);
    } else if (!Character.isDigit(token.charAt(0))) {
      throw new IllegalArgumentException("'%s' is not expected".formatted(token));
    }
  }

  private void arguments(String function, boolean quantile, Set<String> grouped) {
    require("(");
    do {
      expression(function, quantile, grouped);
    } while (skip(","));
    require(")");
  }

  private Set<String> labels() {
    Set<String> labels = new LinkedHashSet<>();
    require("(");
    while (!skip(")")) {
      labels.add(next());
      skip(",");
    }
    return labels;
  }

  private void selector(String metric, String function, boolean quantile, Set<String> grouped) {
    Map<String, String> matchers = new HashMap<>();
    if (skip("{")) {
      while (!skip("}")) {
        String label = next();
        String operator = next();
        String value = next();
        if (!MATCHERS.contains(operator) || !value.startsWith("\"")) {
          throw new IllegalArgumentException(
              "%s%s%s is no matcher".formatted(label, operator, value));
        }
        matchers.put(label, operator.equals("=") ? value.substring(1, value.length() - 1) : null);
        skip(",");
      }
    }
    boolean range = skip("[");
    if (range) {
      next();
      require("]");
    }
    if (range != RANGE_FUNCTIONS.contains(function)) {
      throw new IllegalArgumentException(
          "%s: %s".formatted(metric, range ? "a range without a rate" : "no range in " + function));
    }
    selectors.add(new Selector(metric, function, quantile, matchers, grouped));
  }
}
