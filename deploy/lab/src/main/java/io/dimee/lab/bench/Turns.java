package io.dimee.lab.bench;

import io.dimee.client.events.InputItem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/** Throughputs of contestants that take turns; each is compared with the first of its round. */
final class Turns {
  private final Map<String, List<Double>> perSecond = new LinkedHashMap<>();
  private final Map<String, List<Double>> ratios = new LinkedHashMap<>();
  private final Map<String, Double> accuracies = new LinkedHashMap<>();
  private double first;

  /** Begins a round. */
  void begin() {
    first = Double.NaN;
  }

  /** Lets a contestant answer events, and adds what it reaches. */
  void add(
      Load load, List<InputItem.Event> events, String stage, BiConsumer<String, Integer> progress) {
    String name = load.contestant().name();
    Load.Result result = load.run(events, 0, count -> progress.accept(stage + name, count));
    add(name, events.size() / result.seconds(), result.accuracy());
  }

  /** Adds what a contestant reached. */
  void add(String name, double rate, OptionalDouble accuracy) {
    first = Double.isNaN(first) ? rate : first;
    perSecond.computeIfAbsent(name, n -> new ArrayList<>()).add(rate);
    ratios.computeIfAbsent(name, n -> new ArrayList<>()).add(first / rate);
    accuracy.ifPresent(value -> accuracies.put(name, value));
  }

  /** All rounds, in the order of their contestants. */
  List<Throughput> results() {
    return perSecond.keySet().stream()
        .map(
            name ->
                new Throughput(
                    name,
                    Spread.of(perSecond.get(name)),
                    Spread.of(ratios.get(name)),
                    accuracies.get(name)))
        .toList();
  }
}
