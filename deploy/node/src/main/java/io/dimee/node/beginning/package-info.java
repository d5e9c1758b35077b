/**
 * Where a part begins to read whose group has committed no offsets. {@link
 * io.dimee.node.beginning.Beginning} decides that before the part is started. One that has left no
 * trace in the cluster is new, and begins where nothing is left out. One that may have worked
 * before, and whose offsets are gone, is not started until its user says where ({@link
 * io.dimee.node.beginning.From}): either choice would answer events again or skip some. Only
 * offsets are written here.
 */
package io.dimee.node.beginning;
