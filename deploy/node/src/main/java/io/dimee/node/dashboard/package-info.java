/**
 * The dashboard: one page that shows what a pipeline does, and why.
 *
 * <p>predictions and dead letters -> {@link io.dimee.node.dashboard.Feed}, a consumer of no group
 * -> {@link io.dimee.node.dashboard.LiveView}, sums and the newest records in memory -> {@link
 * io.dimee.node.dashboard.ViewJson} -> the page, once a second. A sentence typed there goes the
 * other way: {@link io.dimee.node.dashboard.Asker} -> events, and comes back through the feed.
 *
 * <p>Invariants: nothing here takes part in the pipeline; a dashboard that is slow, wrong or gone
 * changes no answer. Every number is of predictions that this process read, since when is said.
 */
package io.dimee.node.dashboard;
