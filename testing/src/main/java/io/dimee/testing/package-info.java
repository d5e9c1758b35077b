/**
 * Fixtures that tests of several modules share: {@link io.dimee.testing.SamplePredictions} as a
 * cascade makes them, {@link io.dimee.testing.Certificates} for TLS, a {@link
 * io.dimee.testing.StubBroker}. Nothing that ships depends on this package.
 */
package io.dimee.testing;
