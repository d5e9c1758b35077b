package io.dimee.inference.exits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.bundle.Architecture;
import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.bundle.InvalidBundleException;
import io.dimee.inference.bundle.TestBundles;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.onnx.ModelFiles;
import io.dimee.inference.onnx.TinyEncoder;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EarlyExitModelTest {
  /**
   * Above one half, the least confidence that two classes have, and below what some inputs reach.
   */
  private static final double THRESHOLD = 0.75;

  private static final Architecture SHAPE = TinyEncoder.SHAPE;

  private static final HiddenStateWriter<float[]> COPY =
      (source, offset, tokens, hidden) -> {
        float[] copy = new float[tokens * hidden];
        source.get(offset, copy);
        return copy;
      };

  @TempDir static Path directory;
  private Bundle bundle;
  private ModelFiles files;
  private SegmentSet segments;
  private EarlyExitModel cloud;

  @BeforeAll
  void load() {
    bundle = TestBundles.write(directory.resolve("bundle"), THRESHOLD);
    files = new ModelFiles(bundle, new FileCache(SharedCache.FOLDER));
    segments = SegmentSet.load(bundle, files, 4, 2);
    cloud = segments.model();
  }

  @AfterAll
  void close() {
    segments.close();
  }

  private static Work work(int seed, int minExit, int maxExit) {
    Random random = new Random(seed);
    int[] ids = random.ints(3 + random.nextInt(60), 104, SHAPE.vocabulary()).toArray();
    return new Work(SHAPE, new TokenizedText(ids, ids.length, false), 0, null, minExit, maxExit);
  }

  private static HiddenStateReader reader(float[] state) {
    return (target, offset) -> target.put(offset, state);
  }

  private static Outcome.Answered<float[]> answered(Outcome<float[]> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    return (Outcome.Answered<float[]>) outcome;
  }

  @Test
  void shouldAnswerABatchAsItAnswersEachAlone() {
    // Given enough works for several batches, and exits that answer some of them early
    List<Work> works = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      works.add(work(i, 1, 4));
    }

    // When
    List<Outcome<float[]>> together = cloud.run(works, COPY);

    // Then
    List<Integer> depths = new ArrayList<>();
    for (int i = 0; i < works.size(); i += 7) {
      Outcome.Answered<float[]> alone = answered(cloud.run(List.of(works.get(i)), COPY).get(0));
      Outcome.Answered<float[]> inBatch = answered(together.get(i));
      assertThat(inBatch.effort().toDepth()).isEqualTo(alone.effort().toDepth());
      assertThat(inBatch.answer().label()).isEqualTo(alone.answer().label());
      assertThat(inBatch.answer().confidence())
          .isCloseTo(alone.answer().confidence(), within(1e-4f));
      depths.add(inBatch.effort().toDepth());
    }
    assertThat(depths).contains(1).contains(4);
  }

  @Test
  void shouldAskExitsInsideATierAndPassOnOnlyAtItsEnd() {
    // Given the same weights with an exit after every layer, which a mobile model runs to depth 2
    Bundle fine =
        TestBundles.write(
            directory.resolve("fine"),
            THRESHOLD,
            bundle.manifest().backbone(),
            IntStream.rangeClosed(1, 4).boxed().toList());
    ModelFiles fineFiles = new ModelFiles(fine, new FileCache(SharedCache.FOLDER));
    List<Work> works = IntStream.range(0, 60).mapToObj(i -> work(i, 1, 4)).toList();
    List<Integer> depths = new ArrayList<>();
    try (SegmentSet shallow = SegmentSet.load(fine, fineFiles, 2, 1)) {
      EarlyExitModel mobile = shallow.model();
      // When
      for (Outcome<float[]> outcome : mobile.run(works, COPY)) {
        // Then every layer's exit was asked, up to the one that answered
        int depth;
        List<ExitReading> readings;
        if (outcome instanceof Outcome.Answered<float[]> answered) {
          depth = answered.effort().toDepth();
          readings = answered.effort().readings();
        } else {
          depth = ((Outcome.Unfinished<float[]>) outcome).effort().toDepth();
          readings = ((Outcome.Unfinished<float[]>) outcome).effort().readings();
          assertThat(depth).isEqualTo(2);
        }
        assertThat(readings)
            .extracting(ExitReading::depth)
            .containsExactlyElementsOf(IntStream.rangeClosed(1, depth).boxed().toList());
        depths.add(depth);
      }

      // and a hidden state is the one that the coarser cut computes
      float[] cut = unfinishedState(mobile);
      try (SegmentSet coarser = SegmentSet.load(bundle, files, 2, 1)) {
        EarlyExitModel coarse = coarser.model();
        assertThat(cut).containsExactly(unfinishedState(coarse), within(1e-5f));
      }
    }
    assertThat(depths).contains(1, 2);
  }

  private static float[] unfinishedState(EarlyExitModel mobile) {
    Outcome<float[]> outcome = mobile.run(List.of(work(1, 4, 4)), COPY).get(0);
    return ((Outcome.Unfinished<float[]>) outcome).hiddenState();
  }

  @Test
  void shouldShareItsSegmentsWithOtherThreads() {
    // Given
    List<Work> works = IntStream.range(0, 80).mapToObj(i -> work(i, 1, 4)).toList();
    List<Outcome<float[]>> expected = cloud.run(works, COPY);

    // When two threads run them at the same time
    List<CompletableFuture<List<Outcome<float[]>>>> runs =
        Stream.generate(() -> segments.model(4))
            .limit(2)
            .map(model -> CompletableFuture.supplyAsync(() -> model.run(works, COPY)))
            .toList();

    // Then
    for (CompletableFuture<List<Outcome<float[]>>> run : runs) {
      List<Outcome<float[]>> actual = run.join();
      for (int i = 0; i < works.size(); i++) {
        assertThat(answered(actual.get(i)).answer().probabilities())
            .containsExactly(answered(expected.get(i)).answer().probabilities(), within(1e-4f));
      }
    }
  }

  @Test
  void shouldMakeModelsOfAPartOfItsSegments() {
    // When
    EarlyExitModel mobile = segments.model(1);

    // Then
    assertThat(mobile.deepest()).isEqualTo(1);
    assertThat(mobile.run(List.of(work(1, 4, 4)), COPY).get(0))
        .isInstanceOf(Outcome.Unfinished.class);
    assertThatThrownBy(() -> segments.model(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("depth 3");
  }

  @Test
  void shouldNotAskExitsOutsideTheLimits() {
    // When only the last exit may answer
    Outcome.Answered<float[]> last = answered(cloud.run(List.of(work(1, 4, 4)), COPY).get(0));
    // and when the exit at depth 2 must
    Outcome.Answered<float[]> middle = answered(cloud.run(List.of(work(1, 2, 2)), COPY).get(0));

    // Then
    assertThat(last.effort().readings()).extracting(ExitReading::depth).containsExactly(4);
    assertThat(middle.effort().readings()).extracting(ExitReading::depth).containsExactly(2);
    assertThat(middle.effort().toDepth()).isEqualTo(2);
  }

  @Test
  void shouldResumeWhereAnotherModelStopped() {
    // Given works that a mobile model leaves unfinished
    try (SegmentSet shallow = SegmentSet.load(bundle, files, 2, 1)) {
      EarlyExitModel mobile = shallow.model();
      List<Work> works = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        works.add(work(i, 4, 4));
      }
      List<Outcome<float[]>> unfinished = mobile.run(works, COPY);

      // When the cloud model resumes them
      List<Work> resumed = new ArrayList<>();
      for (int i = 0; i < works.size(); i++) {
        float[] state = ((Outcome.Unfinished<float[]>) unfinished.get(i)).hiddenState();
        resumed.add(new Work(SHAPE, works.get(i).text(), 2, reader(state), 4, 4));
      }
      List<Outcome<float[]>> finished = cloud.run(resumed, COPY);

      // Then each answer is that of an uncut run
      List<Outcome<float[]>> uncut = cloud.run(works, COPY);
      for (int i = 0; i < works.size(); i++) {
        assertThat(answered(finished.get(i)).answer().probabilities()[0])
            .isCloseTo(answered(uncut.get(i)).answer().probabilities()[0], within(1e-5f));
      }
    }
  }

  @Test
  void shouldFailADamagedWorkAlone() {
    // Given
    HiddenStateReader damaged =
        (FloatBuffer target, int offset) -> {
          throw new IllegalStateException("damaged");
        };
    Work good = work(1, 4, 4);
    Work bad = new Work(SHAPE, good.text(), 2, damaged, 4, 4);
    float[] state = new float[good.text().ids().length * SHAPE.hidden()];
    Work alsoGood = new Work(SHAPE, good.text(), 2, reader(state), 4, 4);

    // When
    List<Outcome<float[]>> outcomes = cloud.run(List.of(good, bad, alsoGood), COPY);

    // Then
    answered(outcomes.get(0));
    answered(outcomes.get(2));
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed<float[]>) outcomes.get(1)).cause()).hasMessage("damaged");
  }

  @Test
  void shouldFailWorkThatBeginsBetweenSegments() {
    // Given
    Work work =
        new Work(SHAPE, new TokenizedText(new int[] {101, 102}, 2, false), 3, (t, o) -> {}, 4, 4);

    // When
    Outcome<float[]> outcome = cloud.run(List.of(work), COPY).get(0);

    // Then
    assertThat(((Outcome.Failed<float[]>) outcome).cause())
        .hasMessage("no segment begins at depth 3");
  }

  @Test
  void shouldRefuseWorkThatNoEncoderCanRun() {
    TokenizedText text = new TokenizedText(new int[] {101, 102}, 2, false);
    assertThatThrownBy(
            () -> new Work(SHAPE, new TokenizedText(new int[0], 0, false), 0, null, 1, 4))
        .hasMessageContaining("number of tokens is 0");
    assertThatThrownBy(
            () -> new Work(SHAPE, new TokenizedText(new int[] {337}, 1, false), 0, null, 1, 4))
        .hasMessageContaining("token id is 337");
    assertThatThrownBy(() -> new Work(SHAPE, text, 1, null, 1, 4))
        .hasMessageContaining("hidden state at depth is 1");
    assertThatThrownBy(() -> new Work(SHAPE, text, 4, (t, o) -> {}, 1, 4))
        .hasMessageContaining("depth is 4");
    assertThatThrownBy(() -> new Work(SHAPE, text, 0, null, 2, 1))
        .hasMessageContaining("minimal exit depth is 2");
  }

  @Test
  void shouldAssembleADamagedSegmentAnew() throws IOException {
    // Given a segment file that lost its end
    FileCache cache = new FileCache(directory.resolve("damaged"));
    ModelFiles own = new ModelFiles(bundle, cache);
    Path file = own.segments(1).get(0).file();
    Files.write(file, new byte[] {1, 2, 3});

    // When
    try (SegmentSet shallow = SegmentSet.load(bundle, own, 1, 1)) {
      EarlyExitModel model = shallow.model();
      // Then
      answered(model.run(List.of(work(1, 1, 1)), COPY).get(0));
    }
  }

  @Test
  void shouldRefuseABundleWhoseEncoderHasAnotherShapeThanItsBackbone() throws IOException {
    // Given a manifest that says more heads and a smaller vocabulary
    Path other = directory.resolve("other-shape");
    TestBundles.write(other, THRESHOLD);
    Path manifest = other.resolve(Bundle.MANIFEST);
    Files.writeString(
        manifest,
        Files.readString(manifest)
            .replaceFirst("\"heads\" : 2", "\"heads\" : 4")
            .replaceFirst("\"vocabulary\" : 337", "\"vocabulary\" : 300"));
    Bundle bundle = Bundle.open(other);

    // Then it is refused though the cache has the segments of the same weights
    assertThatThrownBy(
            () ->
                SegmentSet.load(
                    bundle, new ModelFiles(bundle, new FileCache(SharedCache.FOLDER)), 4, 1))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessage(
            "bundle %s: encoder: heads=4, vocabulary=300, but the backbone tiny-encoder has"
                + " heads=2, vocabulary=337",
            other);
  }

  @Test
  void shouldRefuseABundleOfAnotherBackbone() {
    // Given
    Bundle other = TestBundles.write(directory.resolve("other"), THRESHOLD, "0".repeat(64));
    ModelFiles own = new ModelFiles(other, new FileCache(directory.resolve("other-cache")));

    // Then
    assertThatThrownBy(() -> SegmentSet.load(other, own, 4, 1))
        .isInstanceOf(InvalidBundleException.class)
        .hasMessageContaining("backbone.sha256=000")
        .hasMessageContaining("does not match");
  }
}
