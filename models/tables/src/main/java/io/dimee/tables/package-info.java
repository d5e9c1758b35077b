/**
 * Files of rows, whatever wrote them: CSV, TSV, JSON lines, a JSON array, fastText lines; UTF-8, or
 * UTF-16 by its byte-order mark; compressed by gzip or not. Read {@link io.dimee.tables.TableFile}
 * first.
 *
 * <p>{@link io.dimee.tables.FirstBytes} tells encoding and compression and refuses files that are
 * not text; {@link io.dimee.tables.LineReader} cuts the rest into lines of bytes, {@link
 * io.dimee.tables.CsvRecords} joins those that a quoted cell holds together, and a {@link
 * io.dimee.tables.Table} makes rows of them. A file is read as a stream: memory is bounded by its
 * longest row.
 *
 * <p>What cannot be read is an {@link io.dimee.tables.UnreadableFileException} with file, line and
 * the way out; a row that is malformed by itself is a row with a fault. What columns mean is not
 * known here.
 */
package io.dimee.tables;
