/**
 * From a text, or a pair of texts, to tokens. {@link io.dimee.inference.tokenizer.TextTokenizer} is
 * the backbone's own tokenizer; a {@link io.dimee.inference.tokenizer.TokenizedText} is what
 * travels between tiers in place of the text. The same text always gives the same ids, and all
 * backbones share one vocabulary. {@link io.dimee.inference.tokenizer.Djl} is the only class that
 * loads the native library. Part of the public API.
 */
package io.dimee.inference.tokenizer;
