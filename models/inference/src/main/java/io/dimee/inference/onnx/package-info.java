/**
 * Segments as ONNX graphs: how they are made, once, and how they run. Read {@link
 * io.dimee.inference.onnx.ModelFiles} first.
 *
 * <p>ModelFiles has a {@code SegmentAssembler} write the layers between two exits, and the head of
 * the exit at their end, from the backbone's and the bundle's weights, with matrix products in fp32
 * or int8 ({@code LayerProducts}), into the cache, under a hash of all that they are made from. A
 * {@link io.dimee.inference.onnx.Segment} is such a file in ONNX Runtime. It reads and writes
 * {@link io.dimee.inference.onnx.BatchBuffers} in place, which {@link io.dimee.inference.exits}
 * fills and reads.
 *
 * <p>A segment does what the same layers of the unmodified model do, to 1e-4 in fp32. {@link
 * io.dimee.inference.onnx.OnnxRuntime} is the only class that loads the library, since it would
 * send telemetry otherwise. Which works are in a batch, and whether an exit answers, is not known
 * here.
 */
package io.dimee.inference.onnx;
