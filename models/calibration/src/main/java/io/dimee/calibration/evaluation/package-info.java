/**
 * What every policy would do, from recorded exit outputs. Read {@link
 * io.dimee.calibration.evaluation.TaskEvaluator} first.
 *
 * <p>For each policy, ours and those of other papers, a {@code RecordedPolicies} walks the rows
 * from exit to exit as the pipeline would and adds up accuracy and cost; {@link
 * io.dimee.calibration.evaluation.PriceSweep} does so over a range of prices. All policies read the
 * same exits, so that only the policies differ. Parameters are chosen on held-out rows by one rule
 * for all. No model runs here; how the numbers look on a page is the lab's.
 */
package io.dimee.calibration.evaluation;
