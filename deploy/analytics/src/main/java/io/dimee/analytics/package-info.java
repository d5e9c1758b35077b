/**
 * SQL over what a cluster's topics hold. Read {@link io.dimee.analytics.Analytics} first.
 *
 * <p>{@code ClusterView} asks where the topics end; a {@code ReadPlan} compares that with what the
 * cache on this machine has read before; a {@link io.dimee.client.outcomes.RangeReader} reads what
 * is missing; a {@code CacheWriter} decodes it into a DuckDB file, rows and offsets in one
 * transaction. A {@link io.dimee.analytics.QuerySession} then runs the user's SQL on that file,
 * which it cannot change; an {@link io.dimee.analytics.Export} writes Parquet or CSV. Readers
 * belong to no group, and nothing is written to the cluster.
 */
package io.dimee.analytics;
