package io.dimee.deploy.analytics;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic as a table. Where a record lies and when it was written (partition, offset, written_at)
 * are columns of every table and not named here.
 *
 * @param <T> the topic's records
 */
interface TopicTable<T extends SpecificRecord> {
  /** Name in SQL. */
  String name();

  /** One line for people. */
  String doc();

  /** Name of the topic. */
  String topic(Topics topics);

  /** Class of the records. */
  Class<T> type();

  /** Whether a cluster without the topic is fine; the table is empty then. */
  boolean isOptional();

  /** Column with the time that the record itself tells; in UTC. */
  String time();

  /** What the records hold. */
  List<Column> columns();

  /**
   * Writes a record as one JSON object with a field for every column.
   *
   * @throws IOException when the generator cannot write
   */
  void write(T value, JsonGenerator json) throws IOException;
}
