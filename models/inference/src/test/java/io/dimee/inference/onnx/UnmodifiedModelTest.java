package io.dimee.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dimee.inference.bundle.Bundle;
import io.dimee.inference.bundle.ExitReading;
import io.dimee.inference.exits.EarlyExitModel;
import io.dimee.inference.exits.Outcome;
import io.dimee.inference.exits.SegmentSet;
import io.dimee.inference.exits.Work;
import io.dimee.inference.files.FileCache;
import io.dimee.inference.tokenizer.TextTokenizer;
import io.dimee.inference.tokenizer.TokenizedText;
import io.dimee.testing.SharedCache;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("slow")
class UnmodifiedModelTest {
  /** A task of one text under the profile nightly, and one of two always. */
  static List<String> bundles() {
    return Boolean.getBoolean("dimee.nightly") ? List.of("sst2", "mnli") : List.of("mnli");
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void shouldSayWhatTheSegmentsSay(String name) {
    // Given texts of different lengths, one of them a pair
    Bundle bundle = Bundle.open(Path.of("../bundles").resolve(name)).inFp32();
    List<TokenizedText> texts;
    try (TextTokenizer tokenizer = TextTokenizer.of(bundle)) {
      texts =
          List.of(
              tokenizer.tokenize("dull", null),
              tokenizer.tokenize("a warm and funny film that takes its time", null),
              tokenizer.tokenize("is it good", "hardly"));
    }

    // When
    List<ExitReading> whole;
    try (UnmodifiedModel model = UnmodifiedModel.load(bundle)) {
      whole = model.answer(texts);
    }

    // Then
    List<Work> works =
        texts.stream()
            .map(text -> new Work(bundle.manifest().encoder(), text, 0, null, 12, 12))
            .toList();
    try (SegmentSet segments =
        SegmentSet.load(bundle, new ModelFiles(bundle, new FileCache(SharedCache.FOLDER)), 12, 1)) {
      EarlyExitModel model = segments.model();
      List<Outcome<Object>> outcomes = model.run(works, (s, o, t, h) -> null);
      for (int i = 0; i < texts.size(); i++) {
        ExitReading cut = ((Outcome.Answered<Object>) outcomes.get(i)).answer();
        assertThat(whole.get(i).label()).isEqualTo(cut.label());
        assertThat(whole.get(i).confidence()).isCloseTo(cut.confidence(), within(1e-4f));
      }
    }
  }
}
