/**
 * The whole pipeline in one process. {@code RunCommand} starts an embedded broker ({@link
 * io.dimee.broker}) and a {@link io.dimee.node.stages.LocalPipeline}, sends an input through it and
 * reads the outcomes until each event has one; {@code BrokerCommand} runs the broker alone. {@link
 * io.dimee.local.LocalCommands} brings both to the command line. All that happens to an event
 * happens in the same classes as on a cluster.
 */
package io.dimee.local;
