package io.dimee.inference.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.words.Ngrams.Ngram;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NgramReaderTest {
  /** At each code point at most four n-grams of characters and two of words begin. */
  private static final int MOST_PER_POINT = 6;

  /** Models that exist depend on these numbers: never change them. */
  @Test
  void shouldHashAsTheFilesOfModelsSay() {
    // When
    List<Ngram> ngrams = Ngrams.of("It 雨!");

    // Then
    assertThat(ngrams)
        .containsExactly(
            new Ngram(NgramGroup.CHARACTERS, 5379254),
            new Ngram(NgramGroup.CHARACTERS, 16702328),
            new Ngram(NgramGroup.CHARACTERS, 5835336),
            new Ngram(NgramGroup.CHARACTERS, 15628426),
            new Ngram(NgramGroup.CHARACTERS, 6403569),
            new Ngram(NgramGroup.CHARACTERS, 1661625),
            new Ngram(NgramGroup.CHARACTERS, 5471525),
            new Ngram(NgramGroup.CHARACTERS, 2914392),
            new Ngram(NgramGroup.CHARACTERS, 302116),
            new Ngram(NgramGroup.CHARACTERS, 12656926),
            new Ngram(NgramGroup.CHARACTERS, 7257052),
            new Ngram(NgramGroup.CHARACTERS, 11317764),
            new Ngram(NgramGroup.WORDS, 8478167),
            new Ngram(NgramGroup.WORDS, 8829146),
            new Ngram(NgramGroup.WORDS, 3360242),
            new Ngram(NgramGroup.WORDS, 2573849),
            new Ngram(NgramGroup.WORDS, 10139345));
  }

  /** Models that exist depend on these numbers: never change them. */
  @Test
  void shouldHashComparedWordsAsTheFilesOfModelsSay() {
    // When
    List<Ngram> compared =
        Ngrams.of("a b", "b c").stream()
            .filter(
                ngram ->
                    ngram.group() == NgramGroup.COMPARED || ngram.group() == NgramGroup.OVERLAP)
            .toList();

    // Then
    assertThat(compared)
        .containsExactly(
            new Ngram(NgramGroup.COMPARED, 6801190),
            new Ngram(NgramGroup.COMPARED, 4264999),
            new Ngram(NgramGroup.COMPARED, 3876361),
            new Ngram(NgramGroup.OVERLAP, 648810),
            new Ngram(NgramGroup.OVERLAP, 649068));
  }

  @ParameterizedTest
  @CsvSource({
    "Hello World,hello world",
    "'  hello \t\n world  ',hello world",
    "hello\u0000\u0007world,hello world",
    "hello\u00a0\u2003world,hello world",
    "ﬁne ﾊﾟ,fine パ",
    "cafe\u0301,café",
    "ze\u200bro,zero",
    "СЛОВО,слово",
    "𐐀𐐁,𐐨𐐩"
  })
  void shouldSeeTheSameInTextsThatOnlyLookDifferent(String text, String same) {
    // When
    List<Ngram> ngrams = Ngrams.of(text);

    // Then
    assertThat(ngrams).isNotEmpty().isEqualTo(Ngrams.of(same));
  }

  @ParameterizedTest
  @CsvSource({"a b,b a", "ab,a b", "a,b", "雨,雪", "𐐨,𐐩", "good!,good?", "😀,😁"})
  void shouldTellTextsApart(String text, String other) {
    // When
    List<Ngram> ngrams = Ngrams.of(text);

    // Then
    assertThat(ngrams).isNotEqualTo(Ngrams.of(other));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\u0000", " \r\n\t", "\u200b"})
  void shouldFindNothingInAnEmptyText(String text) {
    // When
    List<Ngram> ngrams = Ngrams.of(text);

    // Then
    assertThat(ngrams).isEmpty();
  }

  @Test
  void shouldReadChineseByItsCharacters() {
    // Given
    List<Ngram> rain = Ngrams.of("下雨");

    // When
    List<Ngram> ngrams = Ngrams.of("今天下雨了");

    // Then: what is between spaces has the same two characters
    assertThat(ngrams)
        .filteredOn(ngram -> ngram.group() == NgramGroup.CHARACTERS)
        .containsAnyElementsOf(rain);
  }

  @Test
  void shouldTellTheTextsOfAPairApart() {
    // Given
    List<Ngram> turned =
        Ngrams.of("two", "one").stream()
            .filter(ngram -> ngram.group() != NgramGroup.OVERLAP)
            .toList();

    // When
    List<Ngram> ngrams = Ngrams.of("one", "two");

    // Then
    assertThat(ngrams).doesNotContainAnyElementsOf(turned);
  }

  @Test
  void shouldReadTheBeginningOfALongText() {
    // Given
    String text = "word ".repeat(NgramReader.LONGEST / 5);

    // When
    List<Ngram> ngrams = Ngrams.of(text + "and more");

    // Then
    assertThat(ngrams).isEqualTo(Ngrams.of(text));
  }

  @Test
  void shouldNotCutACharacterInTwo() {
    // Given
    String text = "a".repeat(NgramReader.LONGEST - 1);

    // When
    List<Ngram> ngrams = Ngrams.of(text + "😀");

    // Then
    assertThat(ngrams).isEqualTo(Ngrams.of(text));
  }

  @Test
  void shouldBoundWhatUnicodeExpands() {
    // Given: one character that is eighteen in NFKC
    String text = "\ufdfa".repeat(NgramReader.LONGEST);

    // When
    List<Ngram> ngrams = Ngrams.of(text);

    // Then
    assertThat(ngrams).hasSizeLessThan(MOST_PER_POINT * NgramReader.LONGEST);
  }

  @Property
  void shouldFindTheSameInTheSameText(@ForAll("texts") String text, @ForAll("texts") String other) {
    // Given
    NgramReader used = new NgramReader();
    used.read(other, text, (group, hash) -> {});
    List<Ngram> expected = Ngrams.of(text, other);

    // When
    List<Ngram> ngrams = new ArrayList<>();
    used.read(text, other, (group, hash) -> ngrams.add(new Ngram(group, hash)));

    // Then
    assertThat(ngrams).isEqualTo(expected);
  }

  @Property
  void shouldFindNoMoreThanTheTextsLengthAllows(@ForAll("texts") String text) {
    // When
    List<Ngram> ngrams = Ngrams.of(text);

    // Then
    int most = Math.min(18 * text.length(), NgramReader.LONGEST) + 2;
    assertThat(ngrams)
        .hasSizeLessThanOrEqualTo(MOST_PER_POINT * most)
        .allMatch(ngram -> ngram.hash() >>> NgramReader.HASH_BITS == 0);
  }

  @Property
  void shouldFindTheFirstTextOfAPairInThePair(
      @ForAll("texts") String text, @ForAll("texts") String pair) {
    // When
    List<Ngram> ngrams = Ngrams.of(text, pair);

    // Then
    List<Ngram> first = Ngrams.of(text);
    assertThat(ngrams.subList(0, first.size())).isEqualTo(first);
  }

  /** Any UTF-16, halves of pairs included, and texts of few characters that repeat. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(60),
        Arbitraries.strings().withChars("ab \u0000\ud83d\ude00é\u0301雨.").ofMaxLength(60),
        Arbitraries.strings()
            .withChars("a雨 \ud83d\ude00\ufdfa")
            .ofMinLength(1_900)
            .ofMaxLength(2_200));
  }
}
