package io.dimee.analytics;

import io.dimee.topology.cluster.Topics;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a cache's file is laid out: a table for each topic, and what was read of them. */
final class CacheSchema {
  private static final int HASH_LENGTH = 12;

  private static final String RANGES =
      "CREATE TABLE IF NOT EXISTS ranges (topic VARCHAR, topic_id VARCHAR, partition INTEGER, first BIGINT,"
          + " next BIGINT, PRIMARY KEY (topic, partition))";

  private final List<TopicTable<?>> tables;

  CacheSchema(List<TopicTable<?>> tables) {
    this.tables = List.copyOf(tables);
  }

  /** Statements that make what is missing. */
  List<String> statements() {
    return Stream.concat(Stream.of(RANGES), tables.stream().map(CacheSchema::create)).toList();
  }

  private static String create(TopicTable<?> table) {
    String columns =
        table.columns().stream().map(Column::declaration).collect(Collectors.joining(", "));
    return "CREATE TABLE IF NOT EXISTS %s (%s, partition INTEGER, \"offset\" BIGINT, written_at TIMESTAMP)"
        .formatted(table.name(), columns);
  }

  /**
   * What was read of a topic, which is not what was read of an earlier one of its name.
   *
   * @param table where the ranges are
   * @return by partition
   */
  static Map<Integer, ReadRange> ranges(Connection connection, String table, TopicState topic)
      throws SQLException {
    Map<Integer, ReadRange> ranges = new TreeMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT partition, first, next FROM %s WHERE topic = ? AND topic_id = ?"
                .formatted(table))) {
      select.setString(1, topic.name());
      select.setString(2, topic.id());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ranges.put(rows.getInt(1), new ReadRange(rows.getLong(2), rows.getLong(3)));
        }
      }
    }
    return ranges;
  }

  /**
   * Name of the file for a cluster's topics. Another build with other columns takes another file
   * and reads everything again.
   */
  String fileName(String clusterId, Topics topics) {
    String all = String.join("\n", statements()) + "\n" + clusterId + "\n" + topics.prefix();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
