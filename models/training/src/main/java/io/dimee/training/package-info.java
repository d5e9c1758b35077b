/**
 * Makes bundles. A GlueFile's rows are divided (HoldOut), encoded and trained on (Trainer,
 * MultiExitEncoder, MultiExitLoss, AdamW); the held-out rows' ExitOutputs give temperatures,
 * thresholds and pools (Calibration), dev's are measured, and a BundleWriter writes all.
 */
package io.dimee.training;
