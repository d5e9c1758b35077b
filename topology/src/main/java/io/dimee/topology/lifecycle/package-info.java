/**
 * How things end. {@link io.dimee.topology.lifecycle.Closing} closes several things, also when one
 * of them fails; {@link io.dimee.topology.lifecycle.Uninterrupted} makes calls that must not be cut
 * short by an interrupt; {@link io.dimee.topology.lifecycle.Timing} is the time that retries see,
 * so that tests can have their own. Knows nothing of the pipeline.
 */
package io.dimee.topology.lifecycle;
