package io.dimee.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.TestBundles;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.inference.words.TestWords;
import io.dimee.testing.SharedCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TinyEncoderTest {
  private static final Path MADE = Path.of("target/tiny");
  private static final Path TESTING = Path.of("../../testing");
  private static final Path BUNDLE = Path.of("bundles/tiny");
  private static final Path WORDS_BUNDLE = Path.of("bundles/words");
  private static final Path RESOURCES = Path.of("src/main/resources");

  private static void assertCommitted(Path folder, String... names) throws IOException {
    for (String name : names) {
      assertThat(TESTING.resolve(folder).resolve(name))
          .as("copy %s to %s", MADE.resolve(folder), TESTING.resolve(folder))
          .exists()
          .hasSameBinaryContentAs(MADE.resolve(folder).resolve(name));
    }
  }

  @Test
  void shouldBeCommittedAsItIsMade() throws IOException {
    // When
    TinyEncoder.write(MADE.resolve(RESOURCES));
    TestBundles.writeTiny(MADE.resolve(BUNDLE));
    TestBundles.writeWords(MADE.resolve(WORDS_BUNDLE), TestWords.model());

    // Then
    assertCommitted(
        RESOURCES, "tiny-encoder.onnx", "tiny-encoder-tokenizer.json", "tiny-encoder-config.json");
    assertCommitted(BUNDLE, Bundle.MANIFEST, Bundle.ADAPTER, Bundle.POOLS, Bundle.ROUTER);
    assertCommitted(
        WORDS_BUNDLE, Bundle.MANIFEST, Bundle.ADAPTER, Bundle.POOLS, Bundle.ROUTER, Bundle.WORDS);
  }

  @Test
  void shouldAnswerOnEveryTier() {
    // Given texts of every kind
    Bundle bundle = Bundle.open(TESTING.resolve(BUNDLE));
    List<TokenizedText> texts = new ArrayList<>();
    try (TextTokenizer tokenizer = TextTokenizer.of(bundle)) {
      for (String text :
          List.of(
              "dull",
              "a warm, funny film!",
              "Words 4 which it has no piece",
              "not bad at all",
              "it promises a great deal and delivers little",
              "such fun",
              "why?",
              "9 jokes")) {
        TokenizedText tokenized = tokenizer.tokenize(text, null);
        assertThat(tokenized.ids()).as(text).doesNotContain(100);
        texts.add(tokenized);
      }
    }

    // When
    List<Integer> depths = new ArrayList<>();
    ModelFiles files = new ModelFiles(bundle, new FileCache(SharedCache.FOLDER));
    try (SegmentSet segments = SegmentSet.load(bundle, files, 4, 1)) {
      EarlyExitModel model = segments.model();
      List<Work> works =
          texts.stream()
              .map(text -> new Work(bundle.manifest().encoder(), text, 0, null, 1, 4))
              .toList();
      for (Outcome<Object> outcome : model.run(works, (s, o, t, h) -> null)) {
        depths.add(((Outcome.Answered<Object>) outcome).answer().depth());
      }
    }

    // Then each tier has some
    assertThat(depths).contains(1, 2, 4);
  }
}
