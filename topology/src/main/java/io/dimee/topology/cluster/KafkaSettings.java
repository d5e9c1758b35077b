package io.dimee.topology.cluster;

import io.dimee.serdes.RegistrySettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.FailOnInvalidTimestamp;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;

/**
 * Every Kafka setting of the pipeline, in one place. Those that its guarantees rest on cannot be
 * overridden.
 *
 * @param bootstrapServers where the cluster is
 * @param overrides the user's own client properties, security for instance
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> overrides) {
  /** Keys that the program sets itself. */
  public static final Set<String> OWNED =
      Set.of(
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
          CommonClientConfigs.GROUP_ID_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          StreamsConfig.APPLICATION_ID_CONFIG,
          StreamsConfig.PROCESSING_GUARANTEE_CONFIG);

  private static final List<String> CLIENTS =
      List.of(
          StreamsConfig.MAIN_CONSUMER_PREFIX,
          StreamsConfig.RESTORE_CONSUMER_PREFIX,
          StreamsConfig.GLOBAL_CONSUMER_PREFIX,
          StreamsConfig.CONSUMER_PREFIX,
          StreamsConfig.PRODUCER_PREFIX,
          StreamsConfig.ADMIN_CLIENT_PREFIX);
  private static final String ADDRESS = "[^\\s,]+:\\d{1,5}";
  private static final String ADDRESSES = ADDRESS + "(\\s*,\\s*" + ADDRESS + ")*";

  /**
   * Most that a worker which dies in a transaction blocks its readers, and whoever takes its
   * partitions. A transaction is open for milliseconds: batches are computed before it begins.
   */
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;

  /** Kafka's default. */
  private static final int SESSION_TIMEOUT_MS = 45_000;

  /** A group hears of a change with its next heartbeat; Kafka's 3 s are most of a rebalance. */
  private static final int HEARTBEAT_INTERVAL_MS = 1_000;

  /**
   * A hidden state has 10 to 40 KB. In batches of Kafka's 16 KB each record would be one of its
   * own, and one that is allocated outside the producer's pool of buffers.
   */
  private static final int PRODUCER_BATCH_BYTES = 512 * 1024;

  /**
   * A broker's answer is in memory in one piece. One batch of records always comes, however large.
   */
  private static final int FETCH_BYTES = 16 * 1024 * 1024;

  /** How long answers of the router wait for their commit. */
  private static final int ROUTER_COMMIT_INTERVAL_MS = 50;

  /** People watch what comes; Kafka's five minutes are no watching. */
  private static final int WATCHER_METADATA_MS = 5_000;

  /** A ledger is read by people: what is a second old is new. */
  private static final int LEDGER_COMMIT_INTERVAL_MS = 1_000;

  /** Checks the overrides. */
  public KafkaSettings {
    if (bootstrapServers == null || !bootstrapServers.matches(ADDRESSES)) {
      throw new IllegalArgumentException(
          "bootstrap-servers=%s is not valid; valid: host:port,...".formatted(bootstrapServers));
    }
    for (String key : overrides.keySet()) {
      if (OWNED.contains(key) || OWNED.contains(withoutClient(key))) {
        throw new IllegalArgumentException(
            "kafka-property %s is set by the program and cannot be overridden".formatted(key));
      }
    }
    overrides = Map.copyOf(overrides);
  }

  /** Kafka Streams passes "producer.acks" to its producers, past a setting without prefix. */
  private static String withoutClient(String key) {
    return CLIENTS.stream()
        .filter(key::startsWith)
        .map(client -> key.substring(client.length()))
        .findFirst()
        .orElse(key);
  }

  private Properties base() {
    Properties properties = new Properties();
    overrides.forEach(
        (key, value) -> {
          if (!RegistrySettings.isOwn(key)) {
            properties.put(key, value);
          }
        });
    properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return properties;
  }

  /**
   * For the admin client. It reports nothing to JMX unless it is told to: nobody watches one, and
   * to start JMX takes a tenth of a short command's time.
   */
  public Properties admin() {
    Properties properties = base();
    properties.putIfAbsent(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    return properties;
  }

  /**
   * For a consumer that sees only what is committed.
   *
   * @param group consumer group, or null for one that assigns itself partitions
   * @param maxPollRecords most records of a batch
   */
  public Properties consumer(String group, int maxPollRecords) {
    Properties properties = base();
    properties.put(
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class.getName());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    // a topic that a broker makes on being asked for it takes smaller records than ours
    properties.putIfAbsent(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.putIfAbsent(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(maxPollRecords));
    // one record of the largest size always fits
    properties.putIfAbsent(
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        Integer.toString(TopicSetup.MAX_MESSAGE_BYTES));
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
    if (group != null) {
      properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
      if (!isNewProtocol()) {
        // partitions that stay with a worker are not stopped while others move
        properties.putIfAbsent(
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            CooperativeStickyAssignor.class.getName());
        properties.putIfAbsent(
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, Integer.toString(HEARTBEAT_INTERVAL_MS));
      }
    }
    return properties;
  }

  /**
   * For a consumer of no group that sees only what is committed and hears of new partitions soon.
   *
   * @param maxPollRecords most records of a poll
   */
  public Properties watcher(int maxPollRecords) {
    Properties properties = consumer(null, maxPollRecords);
    properties.putIfAbsent(
        CommonClientConfigs.METADATA_MAX_AGE_CONFIG, Integer.toString(WATCHER_METADATA_MS));
    return properties;
  }

  /** Under KIP-848 the broker assigns partitions, and a client may not name a strategy. */
  private boolean isNewProtocol() {
    return GroupProtocol.CONSUMER
        .name()
        .equalsIgnoreCase(overrides.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG));
  }

  /**
   * For a producer whose writes are acknowledged by all replicas.
   *
   * @param transactionalIdPrefix of a transactional producer, or null
   */
  public Properties producer(String transactionalIdPrefix) {
    // Zombies are fenced by the consumer group's generation (KIP-447), so the id need not be
    // stable.
    return producerOf(
        transactionalIdPrefix == null ? null : transactionalIdPrefix + "-" + UUID.randomUUID());
  }

  /**
   * For a transactional producer of which only the newest may write: it fences all before it.
   *
   * @param transactionalId the same for all of them
   */
  public Properties onlyProducer(String transactionalId) {
    return producerOf(transactionalId);
  }

  private Properties producerOf(String transactionalId) {
    Properties properties = base();
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.putIfAbsent(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(TopicSetup.MAX_MESSAGE_BYTES));
    properties.putIfAbsent(
        ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(PRODUCER_BATCH_BYTES));
    if (transactionalId != null) {
      properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
      properties.putIfAbsent(
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.toString(transactionTimeoutMs()));
    }
    return properties;
  }

  private int number(String key, int otherwise) {
    String value = overrides.get(key);
    return value == null ? otherwise : (int) ConfigDef.parseType(key, value, ConfigDef.Type.INT);
  }

  /** Most bytes of a request, so of a record, that producers send. */
  int maxRequestBytes() {
    return number(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, TopicSetup.MAX_MESSAGE_BYTES);
  }

  /** Not later than the group notices the death. */
  private int transactionTimeoutMs() {
    return Math.min(
        TRANSACTION_TIMEOUT_MS,
        number(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS));
  }

  /**
   * For the ledger, whose sums are sent on once a second.
   *
   * @param stateDirectory where the store lies
   * @param address host:port at which this instance answers others, or null
   */
  public Properties ledger(String applicationId, Path stateDirectory, String address) {
    Properties properties = streams(applicationId, Delivery.EXACTLY_ONCE);
    if (!overrides.containsKey(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)) {
      properties.put(
          StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Integer.toString(LEDGER_COMMIT_INTERVAL_MS));
    }
    properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    // windows are of the records' times, also after the repartition
    properties.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
        FailOnInvalidTimestamp.class.getName());
    if (address != null) {
      properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
    }
    return properties;
  }

  /** For the router. */
  public Properties streams(String applicationId, Delivery delivery) {
    Properties properties = base();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    properties.put(
        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
        delivery == Delivery.EXACTLY_ONCE
            ? StreamsConfig.EXACTLY_ONCE_V2
            : StreamsConfig.AT_LEAST_ONCE);
    // without transactions of its own it would read those of others that were aborted
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
    properties.putIfAbsent(
        StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, Integer.toString(ROUTER_COMMIT_INTERVAL_MS));
    if (!isNewProtocol()) {
      defaultOf(
          properties,
          StreamsConfig.CONSUMER_PREFIX,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          HEARTBEAT_INTERVAL_MS);
    }
    defaultOf(
        properties,
        StreamsConfig.PRODUCER_PREFIX,
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        transactionTimeoutMs());
    defaultOf(
        properties,
        StreamsConfig.PRODUCER_PREFIX,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        TopicSetup.MAX_MESSAGE_BYTES);
    defaultOf(
        properties,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
        TopicSetup.MAX_MESSAGE_BYTES);
    defaultOf(
        properties,
        StreamsConfig.CONSUMER_PREFIX,
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
        FETCH_BYTES);
    // A producer may leave the time of its records out, at which Kafka Streams stops by default.
    properties.put(
        StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG,
        WallclockTimestampExtractor.class.getName());
    properties.putIfAbsent(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
    properties.put(
        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return properties;
  }

  /** A key with a client's prefix would win over the user's own without. */
  private static void defaultOf(Properties properties, String prefix, String key, int value) {
    if (!properties.containsKey(key)) {
      properties.putIfAbsent(prefix + key, Integer.toString(value));
    }
  }
}
