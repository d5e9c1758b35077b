package io.dimee.serdes;

import io.dimee.avro.HiddenState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Encoding and decoding the hidden state of a sentence as long as SST-2's are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HiddenCodecBenchmark {
  private static final int TOKENS = 25;
  private static final int HIDDEN = 384;

  /** Name of the codec. */
  @Param({"FP32", "FP16", "INT8"})
  public String codec;

  private HiddenCodec chosen;
  private FloatBuffer states;
  private HiddenState encoded;

  /** Fills a direct buffer, as the inference engine's are. */
  @Setup
  public void fill() {
    chosen = HiddenCodec.of(codec);
    states =
        ByteBuffer.allocateDirect(TOKENS * HIDDEN * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(1);
    for (int i = 0; i < states.capacity(); i++) {
      states.put(i, (float) random.nextGaussian());
    }
    encoded = chosen.encode(states, 0, TOKENS, HIDDEN);
  }

  /** A tier hands an event on. */
  @Benchmark
  public HiddenState encode() {
    return chosen.encode(states, 0, TOKENS, HIDDEN);
  }

  /** The next tier resumes. */
  @Benchmark
  public FloatBuffer decode() {
    HiddenCodec.decode(encoded, TOKENS, HIDDEN, states, 0);
    return states;
  }
}
