/**
 * The commands that make, judge and measure models; {@link io.dimee.lab.LabCommands} brings them to
 * the command line. {@link io.dimee.lab.model} has {@code train}, {@code calibrate} and {@code
 * evaluate}, {@link io.dimee.lab.bench} has {@code bench}, {@link io.dimee.lab.whatif} computes
 * what past predictions would have cost. No running pipeline needs any of it, and no image of a
 * tier holds it.
 */
package io.dimee.lab;
