/**
 * What a model is made of, as files and as values. Read {@link io.dimee.inference.bundle.Bundle}
 * first: a directory with a manifest, a fine-tuned encoder as its difference to a {@link
 * io.dimee.inference.bundle.Backbone}, exits, pools, prices.
 *
 * <p>A bundle is checked against the hashes in its manifest before anything is read from it, and
 * one that cannot be used is an {@link io.dimee.inference.bundle.InvalidBundleException}. {@link
 * io.dimee.inference.bundle.BundleManifest}, {@link io.dimee.inference.bundle.Exit}, {@link
 * io.dimee.inference.bundle.Pools} and {@link io.dimee.inference.bundle.Prices} are values that
 * everything else reads. Nothing here runs a model; that begins in {@code io.dimee.inference.onnx}.
 * Part of the public API.
 */
package io.dimee.inference.bundle;
