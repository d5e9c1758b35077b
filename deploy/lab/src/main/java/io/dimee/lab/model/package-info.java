/**
 * The commands {@code train}, {@code calibrate} and {@code evaluate}: a command holds options, and
 * hands a request to one class that does the work: {@link io.dimee.training.TrainingRun}, {@link
 * io.dimee.calibration.fit.Recalibration}, {@code BundleEvaluation} or {@link
 * io.dimee.lab.whatif.WhatIfRun}. The data set goes with it as a {@link
 * io.dimee.calibration.data.DataSet}. Here are progress, tables and reports ({@code ReportWriter}:
 * a page that needs no network, CSV and JSON). Read {@link io.dimee.lab.model.TrainCommand} first.
 * No number is computed here, but for what encoding a hidden state costs.
 */
package io.dimee.lab.model;
