/**
 * Data sets of users' own on the command line: {@link io.dimee.lab.data.DataOptions} says which
 * files and columns, {@link io.dimee.lab.data.DataFindings} shows what a check of them found. Text
 * files are read by {@link io.dimee.tables}; Parquet is read here, by DuckDB.
 *
 * <p>Next: {@code io.dimee.lab.model}.
 */
package io.dimee.lab.data;
