/**
 * Early-exit inference. A text becomes tokens (TextTokenizer), the mean of their embeddings
 * (MeanEmbedding) chooses a pool (Pools); a Work goes through the Segments that it needs in an
 * EarlyExitModel, in batches that a BatchPlanner cuts; each Exit on the way reads the logits, and
 * the Outcome is an answer, a hidden state for the next tier, or a failure of this work alone.
 * Segments are written by a SegmentAssembler from the Backbone and a Bundle, with LayerProducts in
 * fp32 or int8, and kept in a FileCache.
 */
package io.dimee.inference;
