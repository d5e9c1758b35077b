/**
 * Labelled rows. A {@link io.dimee.calibration.data.DataSet} is what all later steps take: {@link
 * io.dimee.calibration.data.LabelledData} is one of a user's own files, {@link
 * io.dimee.calibration.data.GlueData} a preset for GLUE's. Both read their files through {@link
 * io.dimee.calibration.data.LabelledFile}, as a {@link io.dimee.calibration.data.Reading} says, and
 * divide them into a {@link io.dimee.calibration.data.TaskData}: rows to train on, to calibrate on
 * and to measure on. No row is in two parts. What a {@link io.dimee.calibration.data.DataCheck}
 * finds comes before. Data that cannot be used are a {@link
 * io.dimee.calibration.data.DataException} with file and line. No model is known here.
 *
 * <p>Next: {@code io.dimee.calibration.fit}.
 */
package io.dimee.calibration.data;
