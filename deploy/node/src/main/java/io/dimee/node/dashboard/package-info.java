/**
 * The dashboard: one page that shows what a pipeline does, and why. Read {@link
 * io.dimee.node.dashboard.Dashboard} first.
 *
 * <p>Predictions and dead letters are read by {@code Feed}, a consumer of no group, kept as sums
 * and newest records in {@code LiveView}, and become JSON in {@code ViewJson}, which the page asks
 * for once a second. A sentence typed there goes the other way: {@code Asker} sends it as an event,
 * and its outcome comes back through the feed.
 *
 * <p>Nothing here takes part in the pipeline: a dashboard that is slow, wrong or gone changes no
 * answer. Every number is of predictions that this process read, and the page says since when.
 */
package io.dimee.node.dashboard;
