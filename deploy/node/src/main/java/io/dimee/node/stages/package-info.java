/**
 * The pipeline as running parts of a process. A {@link io.dimee.node.stages.Stage} owns what it
 * runs on, and says how it is: {@link io.dimee.node.stages.RouterStage} runs {@link
 * io.dimee.topology.router}, {@link io.dimee.node.stages.TierStage} a tier's workers ({@link
 * io.dimee.topology.worker}, {@link io.dimee.topology.tier}) on shared models. {@link
 * io.dimee.node.stages.LocalPipeline} is all of them in one process, on segments of its own; read
 * it first. {@link io.dimee.node.stages.Stages} starts them and closes the last one first.
 *
 * <p>Whatever a stage opens, it closes, also when its construction fails; what stops a part ends
 * its stage, and the owner is told. What is done with an event is not known here.
 */
package io.dimee.node.stages;
