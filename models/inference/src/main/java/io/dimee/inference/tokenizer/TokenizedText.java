package io.dimee.inference.tokenizer;

/**
 * A text, or a pair of texts, in tokens.
 *
 * @param ids token ids, special tokens included; [tokens]
 * @param pairStart index of the first token of the second text; equals the number of tokens when
 *     there is none
 * @param truncated whether the text exceeded the limit and was cut
 */
@SuppressWarnings("ArrayRecordComponent") // a value object on a hot path; never compared
public record TokenizedText(int[] ids, int pairStart, boolean truncated) {}
