package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.testing.SharedCache;
import java.util.Collection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs; how fast is not tested. */
@Tag("slow")
class BenchmarksTest {
  private static final int CODECS_BOTH_WAYS = 6;
  private static final int OF_THE_ROUTER = 3;
  private static final int OF_AN_OBSERVED_BATCH = 3;

  @Test
  void shouldRunEveryBenchmark() throws RunnerException {
    // When each runs for a moment
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(5))
                    .param("bundle", "../models/bundles/sst2")
                    .param("cache", SharedCache.FOLDER.toString())
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    // Then
    assertThat(results).hasSize(CODECS_BOTH_WAYS + OF_THE_ROUTER + OF_AN_OBSERVED_BATCH);
    assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
  }
}
