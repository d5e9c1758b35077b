/**
 * Labelled rows. A {@link io.dimee.calibration.data.DataSet} is what all later steps take; {@link
 * io.dimee.calibration.data.GlueData} is one of GLUE. {@link io.dimee.calibration.data.GlueFile}
 * reads a data set's file, {@link io.dimee.calibration.data.HoldOut} divides the rows for training
 * into those to train on and those to calibrate on, {@link io.dimee.calibration.data.TaskData} is
 * all of them together. No row is in two parts. Data that cannot be used is a {@link
 * io.dimee.calibration.data.DataException} with file, line and column. No model is known here.
 *
 * <p>Next: {@code io.dimee.calibration.fit}.
 */
package io.dimee.calibration.data;
