package io.dimee.k8s.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds expressions against what is scraped. */
final class ExpressionCheck {
  /** What Prometheus itself adds to every series of a target. */
  private static final Set<String> TARGET_LABELS = Set.of("job", "instance", "namespace");

  private final Scrape scrape;

  ExpressionCheck(Scrape scrape) {
    this.scrape = scrape;
  }

  /** Why an expression would show nothing, or something else; empty where it is sound. */
  List<String> problems(String expression) {
    List<String> problems = new ArrayList<>();
    try {
      PromQl.selectors(expression).forEach(selector -> check(selector, problems));
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
    return problems;
  }

  private void check(PromQl.Selector selector, List<String> problems) {
    String metric = selector.metric();
    // Prometheus' own, about each target
    if (metric.equals("up")) {
      return;
    }
    if (!scrape.has(metric)) {
      problems.add("there is no " + metric);
      return;
    }
    if (Set.of("rate", "increase").contains(selector.function()) && !scrape.isCounter(metric)) {
      problems.add(metric + " is no counter");
    }
    if (selector.quantile()
        && !(metric.endsWith("_bucket")
            && scrape.isCounter(metric)
            && selector.grouped().contains("le"))) {
      problems.add(metric + " is no histogram by le");
    }
    selector
        .matchers()
        .forEach(
            (label, value) -> {
              if (hasLabel(metric, label, problems)
                  && value != null
                  && !value.startsWith("$")
                  && !scrape.values(metric, label).contains(value)) {
                problems.add("%s has no %s=%s".formatted(metric, label, value));
              }
            });
    selector.grouped().forEach(label -> hasLabel(metric, label, problems));
  }

  /** Whether it is a label of the metric's own. */
  private boolean hasLabel(String metric, String label, List<String> problems) {
    if (TARGET_LABELS.contains(label)) {
      return false;
    }
    boolean there = !scrape.values(metric, label).isEmpty();
    if (!there) {
      problems.add("%s has no label %s".formatted(metric, label));
    }
    return there;
  }
}
