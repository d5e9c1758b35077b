package io.dimee.analytics;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;

/** Values of a result without JDBC's and DuckDB's own types. */
final class ResultValue {
  private ResultValue() {}

  /** The value of a column in the row at hand. */
  static Object of(ResultSet rows, int index, ResultColumn column) throws SQLException {
    if (column.isTimestamp()) {
      // java.sql.Timestamp knows no time that this machine's own zone skips
      return rows.getObject(index, LocalDateTime.class);
    }
    return plain(rows.getObject(index));
  }

  static Object plain(Object value) throws SQLException {
    if (value instanceof Array array) {
      return list((Object[]) array.getArray());
    }
    if (value instanceof DuckDBStruct struct) {
      return map(struct.getMap());
    }
    if (value instanceof Map<?, ?> map) {
      return map(map);
    }
    if (value instanceof Timestamp timestamp) {
      return timestamp.toLocalDateTime();
    }
    if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }
    if (value instanceof Date date) {
      return date.toLocalDate();
    }
    if (value instanceof Time time) {
      return time.toLocalTime();
    }
    if (value instanceof Blob blob) {
      return blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    return value instanceof JsonNode || value instanceof UUID ? value.toString() : value;
  }

  private static List<Object> list(Object[] values) throws SQLException {
    List<Object> list = new ArrayList<>(values.length);
    for (Object value : values) {
      list.add(plain(value));
    }
    return list;
  }

  private static Map<String, Object> map(Map<?, ?> entries) throws SQLException {
    Map<String, Object> map = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      map.put(String.valueOf(plain(entry.getKey())), plain(entry.getValue()));
    }
    return map;
  }
}
