/**
 * Early-exit inference, without Kafka and Avro. This package holds nothing but its sub-packages.
 * What is made once comes first, then what happens to each text:
 *
 * <ol>
 *   <li>{@link io.dimee.inference.bundle}: a directory is opened and checked;
 *   <li>{@link io.dimee.inference.onnx}: its segments are assembled, cached and loaded;
 *   <li>{@link io.dimee.inference.tokenizer}: a text becomes tokens;
 *   <li>{@link io.dimee.inference.routing}: their mean embedding chooses a pool, prices choose a
 *       way;
 *   <li>{@link io.dimee.inference.exits}: layers run until an exit is confident.
 * </ol>
 *
 * <p>{@link io.dimee.inference.words} needs none of this: it answers from words alone.
 *
 * <p>{@link io.dimee.inference.files} keeps what is costly to make. To run a model in a program of
 * your own, begin with {@link io.dimee.inference.exits.SegmentSet}.
 */
package io.dimee.inference;
