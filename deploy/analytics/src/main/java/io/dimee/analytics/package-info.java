/**
 * SQL over what a cluster's topics hold. ClusterView asks where the topics end; a ReadPlan compares
 * that with what the cache on this machine has read before; a TopicReader reads what is missing; a
 * CacheWriter decodes it into a DuckDB file, rows and offsets in one transaction. A QuerySession
 * then runs the user's SQL on that file, which it cannot change.
 */
package io.dimee.analytics;
