/**
 * From what a model's exits say about rows to a calibrated bundle. Read {@link
 * io.dimee.calibration.fit.Calibrator} first.
 *
 * <p>An {@link io.dimee.calibration.fit.ExitSurvey} asks every exit about every row, once; the
 * {@link io.dimee.calibration.fit.ExitOutputs} are all that the rest needs. Calibrator fits
 * temperatures, thresholds, pools and the adaptive router's predictor for given prices and a given
 * drop in accuracy, and {@link io.dimee.calibration.fit.BundleWriter} writes them. {@link
 * io.dimee.calibration.fit.Recalibration} does all of it for a bundle that exists.
 *
 * <p>Everything is fitted on rows that were held out of training; the rows for measuring are never
 * fitted on. Weights are not changed here: that is {@code io.dimee.training}.
 *
 * <p>Next: {@code io.dimee.calibration.evaluation} measures the result.
 */
package io.dimee.calibration.fit;
