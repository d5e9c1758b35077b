package io.dimee.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Backbone;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.TestBundles;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.routing.MeanEmbedding;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The assembled segments against the unmodified backbones. */
@ParameterizedClass
@MethodSource("variants")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class SegmentsTest {
  private static final String EMBEDDINGS = "/embeddings/LayerNorm/Add_1_output_0";

  @TempDir static Path temporary;

  @Parameter(0)
  String backbone;

  /** Segments run at the level that is faster on the machine: both must be right. */
  @Parameter(1)
  OptLevel level;

  private Architecture shape;
  private OrtSession reference;
  private ModelFiles files;
  private final List<Segment> segments = new ArrayList<>();

  /** Every backbone and every level, and each with each under the profile nightly. */
  static List<Arguments> variants() {
    if (!Boolean.getBoolean("dimee.nightly")) {
      return List.of(
          Arguments.of(TinyEncoder.NAME, OptLevel.BASIC_OPT),
          Arguments.of(TinyEncoder.NAME, OptLevel.EXTENDED_OPT),
          Arguments.of(Backbone.NAMES.get(0), OptLevel.BASIC_OPT),
          Arguments.of(Backbone.NAMES.get(1), OptLevel.EXTENDED_OPT));
    }
    return Backbone.NAMES.stream()
        .flatMap(
            name ->
                Stream.of(OptLevel.BASIC_OPT, OptLevel.EXTENDED_OPT)
                    .map(level -> Arguments.of(name, level)))
        .toList();
  }

  @BeforeParameterizedClassInvocation
  void load() throws OrtException, IOException {
    Path directory = Files.createDirectories(temporary.resolve(backbone + level));
    Path model = directory.resolve("backbone.onnx");
    ModelProto.Builder withEmbeddings =
        ModelProto.parseFrom(Backbone.modelBytes(backbone)).toBuilder();
    withEmbeddings.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName(EMBEDDINGS));
    Files.write(model, withEmbeddings.build().toByteArray());
    reference = OnnxRuntime.environment().createSession(model.toString());
    Backbone loaded = Backbone.load(backbone);
    shape = loaded.architecture();
    assertThat(Backbone.known(backbone).orElse(TinyEncoder.SHAPE)).isEqualTo(shape);
    Bundle bundle = TestBundles.write(directory.resolve("bundle"), 0.9, loaded);
    files = new ModelFiles(bundle, new FileCache(SharedCache.FOLDER));
    for (ModelFiles.SegmentFile file : files.segments(shape.layers())) {
      segments.add(Segment.load(file.file(), file.from(), file.to(), 2, level));
    }
  }

  @AfterParameterizedClassInvocation
  void close() throws OrtException {
    reference.close();
    for (Segment segment : segments) {
      segment.close();
    }
    segments.clear();
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,7", "1,128", "3,16", "8,31", "2,512"})
  void shouldEqualTheUnmodifiedBackboneWhenRunInSequence(int batch, int longest)
      throws OrtException {
    // Given rows of different lengths, some of them pairs
    List<TokenizedText> texts = texts(batch, longest);

    // When all segments run one after the other
    BatchBuffers buffers = new BatchBuffers();
    fill(buffers, texts, longest);
    for (Segment segment : segments) {
      segment.run(buffers, batch, longest, true);
      buffers
          .input(batch * longest * shape.hidden())
          .put(
              0,
              buffers.output(batch * longest * shape.hidden()),
              0,
              batch * longest * shape.hidden());
    }

    // Then the hidden state is the backbone's
    FloatBuffer expected = run(texts, longest, "last_hidden_state");
    FloatBuffer actual = buffers.output(batch * longest * shape.hidden());
    float largest = 0;
    for (int row = 0; row < batch; row++) {
      for (int i = 0; i < texts.get(row).ids().length * shape.hidden(); i++) {
        int at = row * longest * shape.hidden() + i;
        // NaN stays
        largest = Math.max(largest, Math.abs(actual.get(at) - expected.get(at)));
      }
    }
    assertThat(largest).as("largest difference").isLessThan(1e-4f);
  }

  @Test
  void shouldComputeTheMeanEmbeddingThatTheBackboneComputes() throws OrtException {
    // Given
    List<TokenizedText> texts = texts(4, 40);

    // When
    MeanEmbedding embedding = files.meanEmbedding();
    FloatBuffer expected = run(texts, 40, EMBEDDINGS);

    // Then
    for (int row = 0; row < texts.size(); row++) {
      float[] actual = embedding.of(texts.get(row));
      int tokens = texts.get(row).ids().length;
      for (int i = 0; i < shape.hidden(); i++) {
        double sum = 0;
        for (int token = 0; token < tokens; token++) {
          sum += expected.get((row * 40 + token) * shape.hidden() + i);
        }
        assertThat((double) actual[i])
            .isCloseTo(sum / tokens, org.assertj.core.data.Offset.offset(1e-5));
      }
    }
  }

  private List<TokenizedText> texts(int count, int longest) {
    Random random = new Random(31L * count + longest);
    List<TokenizedText> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = i == 0 ? longest : 1 + random.nextInt(longest);
      int[] ids = random.ints(length, 0, shape.vocabulary()).toArray();
      texts.add(new TokenizedText(ids, i % 2 == 0 ? length : random.nextInt(length), false));
    }
    return texts;
  }

  private void fill(BatchBuffers buffers, List<TokenizedText> texts, int width) {
    buffers.reserve(texts.size() * width, shape.hidden(), texts.size(), 2);
    for (int row = 0; row < texts.size(); row++) {
      int[] ids = texts.get(row).ids();
      for (int i = 0; i < width; i++) {
        int at = row * width + i;
        boolean real = i < ids.length;
        buffers.ids(at + 1).put(at, real ? ids[i] : 0);
        buffers.types(at + 1).put(at, real && i >= texts.get(row).pairStart() ? 1 : 0);
        buffers.mask(at + 1).put(at, real ? 1 : 0);
      }
      Pooling.ALL.write(texts.get(row), width, buffers.pooling((row + 1) * width), row * width);
    }
  }

  private FloatBuffer run(List<TokenizedText> texts, int width, String output) throws OrtException {
    OrtEnvironment environment = OnnxRuntime.environment();
    long[] ids = new long[texts.size() * width];
    long[] types = new long[ids.length];
    long[] mask = new long[ids.length];
    for (int row = 0; row < texts.size(); row++) {
      TokenizedText text = texts.get(row);
      for (int i = 0; i < text.ids().length; i++) {
        ids[row * width + i] = text.ids()[i];
        types[row * width + i] = i >= text.pairStart() ? 1 : 0;
        mask[row * width + i] = 1;
      }
    }
    long[] shape = {texts.size(), width};
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
        OnnxTensor typeTensor =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
        OrtSession.Result result =
            reference.run(
                Map.of(
                    "input_ids", idTensor,
                    "token_type_ids", typeTensor,
                    "attention_mask", maskTensor))) {
      return ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
    }
  }
}
