/**
 * Speed, as ratios from one run. Read {@link io.dimee.lab.bench.Benchmarks} first.
 *
 * <p>A {@code Contestant} answers events of its own topics on one broker: this project, or what
 * people would otherwise run. A {@code Load} sends events to one and waits until readers of
 * committed records see every answer. Contestants take turns, round after round, so that a machine
 * that is now fast and now slow is so for all of them. Whether answers are right is measured
 * elsewhere.
 */
package io.dimee.lab.bench;
