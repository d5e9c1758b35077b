package io.dimee.inference.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Backbone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextTokenizerTest {
  private static final int LIMIT = 16;
  private static final int CLS = 101;
  private static final int SEP = 102;

  private TextTokenizer tokenizer;

  @BeforeAll
  void load() {
    tokenizer = TextTokenizer.load(Backbone.NAMES.get(0), LIMIT);
  }

  @AfterAll
  void close() {
    tokenizer.close();
  }

  @Test
  void shouldFrameASingleText() {
    // When
    TokenizedText text = tokenizer.tokenize("  a fine film ", null);

    // Then
    assertThat(text.ids()).hasSize(5).startsWith(CLS).endsWith(SEP);
    assertThat(text.pairStart()).isEqualTo(5);
    assertThat(text.truncated()).isFalse();
  }

  @Test
  void shouldPutAPairBehindASeparator() {
    // When
    TokenizedText text = tokenizer.tokenize("is it fine", "it is");

    // Then
    assertThat(text.ids()).hasSize(8);
    assertThat(text.ids()[4]).isEqualTo(SEP);
    assertThat(text.pairStart()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u00A0",
        "\u200B\u200B",
        "\uFEFF",
        "\u0000",
        "\u0301\u0302",
        "\uFFFD",
        "\uE000",
        "\u0085",
        "😀",
        "\u2800",
        "\u3164",
        "[MASK]"
      })
  void shouldFindNoWordPieceInWhatItDropsOrDoesNotKnow(String content) {
    // When
    TokenizedText alone = tokenizer.tokenize(content, null);
    TokenizedText second = tokenizer.tokenize("a film", content);

    // Then
    assertThat(tokenizer.hasWordPiece(alone, 0, alone.pairStart())).isFalse();
    assertThat(tokenizer.hasWordPiece(second, 0, second.pairStart())).isTrue();
    assertThat(tokenizer.hasWordPiece(second, second.pairStart(), second.ids().length)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\u00A0.", "😀!", "漢"})
  void shouldFindAWordPieceBesideWhatItDoesNotKnow(String content) {
    TokenizedText text = tokenizer.tokenize(content, null);
    assertThat(tokenizer.hasWordPiece(text, 0, text.pairStart())).isTrue();
  }

  /** A worker with another model restarts a task from its token ids. */
  @Test
  void shouldMeanTheSameToEveryBackbone() {
    assertThat(Backbone.NAMES.stream().map(Backbone::tokenizerJson))
        .allSatisfy(
            json -> assertThat(json).isEqualTo(Backbone.tokenizerJson(Backbone.NAMES.get(0))));
  }

  @Test
  void shouldFlagOnlyWhatExceedsTheLimit() {
    TokenizedText exact = tokenizer.tokenize("film ".repeat(LIMIT - 2), null);
    TokenizedText longer = tokenizer.tokenize("film ".repeat(LIMIT - 1), null);

    assertThat(exact.ids()).hasSize(LIMIT);
    assertThat(exact.truncated()).isFalse();
    assertThat(longer.ids()).hasSize(LIMIT).endsWith(SEP);
    assertThat(longer.truncated()).isTrue();
  }

  @Test
  void shouldFlagAMegabyteAsTruncated() {
    TokenizedText text = tokenizer.tokenize("x".repeat(1_000_000), null);
    assertThat(text.truncated()).isTrue();
    assertThat(text.ids()).hasSizeLessThanOrEqualTo(LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"😂👍🏽", "\u0000\u0007", "\uFFFD", "\uD83D", "Ünïcödé", "漢字"})
  void shouldTokenizeWhateverPeopleSend(String content) {
    TokenizedText text = tokenizer.tokenize(content, null);
    assertThat(text.ids()).startsWith(CLS).endsWith(SEP);
  }
}
