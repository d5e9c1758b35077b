/**
 * The commands {@code train}, {@code calibrate} and {@code evaluate}: they turn options into what
 * {@link io.dimee.training}, {@link io.dimee.calibration.fit} and {@link
 * io.dimee.calibration.evaluation} take, show progress, and write reports ({@code ReportWriter}: a
 * page that needs no network, CSV and JSON). Read {@link io.dimee.lab.model.TrainCommand} first. No
 * number is computed here, but for what encoding a hidden state costs.
 */
package io.dimee.lab.model;
