/**
 * Fine-tuning, on DJL's PyTorch engine. Read {@link io.dimee.training.TrainingRun} first: from a
 * data set's rows ({@code io.dimee.calibration.data}) to a bundle.
 *
 * <p>{@code Trainer} feeds batches to the {@code MultiExitEncoder}, the encoder with an exit after
 * every layer, sums the exits' losses ({@code MultiExitLoss}) and steps {@code AdamW}; checkpoints
 * let an interrupted run go on to the same weights. The trained weights are then calibrated and
 * written by {@link io.dimee.calibration.fit}. Nothing that answers events may depend on this
 * package.
 */
package io.dimee.training;
