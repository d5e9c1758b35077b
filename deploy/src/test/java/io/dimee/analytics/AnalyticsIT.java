package io.dimee.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.avro.DeadLetter;
import io.dimee.avro.ExitCount;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.Stage;
import io.dimee.avro.TextEvent;
import io.dimee.avro.Tier;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.CommandResult;
import io.dimee.deploy.JavaProcess;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SamplePredictions;
import io.dimee.topology.cluster.KafkaSettings;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** SQL over topics of an embedded broker, each test with topics of its own. */
class AnalyticsIT {
  private static final Instant BEGIN = Instant.parse("2026-11-20T06:59:00Z");
  private static final int PARTITIONS = 2;

  private static EmbeddedBroker broker;
  private static KafkaSettings settings;
  private static RecordFormats formats;
  private static KafkaProducer<byte[], byte[]> producer;

  /** With characters that end a path elsewhere. */
  private static final String CACHE = "it's a \"cache\"; #1 *[x]{a,b}%20 \u00e9";

  @TempDir private Path directory;
  private final ObjectMapper json = new ObjectMapper();
  private Topics topics;

  @BeforeAll
  static void start(@TempDir Path data) {
    // the records' times are fixed, and older than a broker's retention some day
    broker = EmbeddedBroker.persistent(data, 0, Map.of("log.retention.ms", "-1"));
    settings = new KafkaSettings(broker.bootstrapServers(), Map.of());
    formats = new SingleObjectFormats();
    producer = new KafkaProducer<>(settings.producer(null));
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @BeforeEach
  void createTopics(TestInfo test) throws InterruptedException {
    topics = new Topics(test.getTestMethod().orElseThrow().getName() + ".");
    TopicSetup.ensure(
        settings, List.of(topics.events(), topics.predictions(), topics.deadLetters()), PARTITIONS);
  }

  private String[] arguments(String command, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--topic-prefix",
                topics.prefix(),
                "--cache-dir",
                directory.resolve(CACHE).toString()));
    all.addAll(List.of(arguments));
    return all.toArray(String[]::new);
  }

  private CommandResult run(String command, String... arguments) {
    return CommandResult.of(arguments(command, arguments));
  }

  /** A command that keeps nothing. */
  private CommandResult cluster(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of(
            "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", topics.prefix()));
    return CommandResult.of(all.toArray(String[]::new));
  }

  private CommandResult query(String... arguments) {
    return run("query", arguments);
  }

  /** The rows of a query that must work. */
  private List<JsonNode> rows(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--json");
    CommandResult result = query(all.toArray(String[]::new));
    assertThat(result.code()).as(result.err()).isZero();
    List<JsonNode> rows = new ArrayList<>();
    for (String line : result.out().lines().toList()) {
      rows.add(json.readTree(line));
    }
    return rows;
  }

  private List<String> lines(String... arguments) throws IOException {
    return rows(arguments).stream().map(JsonNode::toString).toList();
  }

  private <T extends SpecificRecord> void send(
      String topic, Class<T> type, String key, T value, Instant time)
      throws ExecutionException, InterruptedException {
    send(topic, key, formats.of(type).encode(topic, value), time);
  }

  private static void send(String topic, String key, byte[] value, Instant time)
      throws ExecutionException, InterruptedException {
    producer
        .send(
            new ProducerRecord<>(
                topic, null, time.toEpochMilli(), key.getBytes(StandardCharsets.UTF_8), value))
        .get();
  }

  /** Written when it was predicted. */
  private void predict(Prediction prediction) throws ExecutionException, InterruptedException {
    send(
        topics.predictions(),
        Prediction.class,
        prediction.getId(),
        prediction,
        prediction.getPredictedAt());
  }

  private void predict(int from, int to) throws ExecutionException, InterruptedException {
    for (int i = from; i < to; i++) {
      predict(SamplePredictions.of(i, BEGIN));
    }
  }

  private void event(int i, String label) throws ExecutionException, InterruptedException {
    String id = SamplePredictions.of(i, BEGIN).getId();
    send(
        topics.events(),
        TextEvent.class,
        id,
        TextEvent.newBuilder()
            .setId(id)
            .setText("text " + i)
            .setTextPair(null)
            .setLabel(label)
            .setCreatedAt(BEGIN)
            .setAttributes(Map.of())
            .build(),
        BEGIN);
  }

  @Test
  void shouldShowAllOfAPrediction() throws Exception {
    // Given
    predict(SamplePredictions.of(2, BEGIN));

    // When
    List<String> lines = lines("SELECT * EXCLUDE (partition, \"offset\") FROM predictions");

    // Then
    assertThat(lines)
        .containsExactly(
            """
            {"id":"review-00000002","label":0,"label_name":"negative","probabilities":[0.9,0.1],"confidence":0.9,\
            "tier":"edge","pool":"hard","pool_distances":[0.25,0.5,1.25],"policy":"cascade","exit_depth":6,\
            "layers_run":6,"cost":{"compute":6.0,"offload":3.0,"total":9.0,"cloud_only":17.0},\
            "bytes_offloaded":18432,"truncated":false,"spilled":false,"model_id":"sst2@0123456789abcdef",\
            "created_at":"2026-11-20T06:59:04Z","predicted_at":"2026-11-20T06:59:04.102Z","latency_ms":102,"gold":0,\
            "hops":[{"tier":"mobile","from_depth":0,"to_depth":3,"layers_run":3,"restarted":false,\
            "exits":[{"depth":1,"label":1,"confidence":0.53125},{"depth":2,"label":1,"confidence":0.5625},\
            {"depth":3,"label":1,"confidence":0.59375}],"compute_ms":3.75,"batch_size":16,"bytes_in":0,\
            "compute_cost":3.0,"offload_cost":0.0},{"tier":"edge","from_depth":3,"to_depth":6,"layers_run":3,\
            "restarted":false,"exits":[{"depth":4,"label":1,"confidence":0.625},\
            {"depth":5,"label":1,"confidence":0.65625},{"depth":6,"label":1,"confidence":0.6875}],"compute_ms":3.75,\
            "batch_size":16,"bytes_in":18432,"compute_cost":3.0,"offload_cost":3.0}],\
            "attributes":{"source":"kiosk-2"},"written_at":"2026-11-20T06:59:04.102Z"}""");
  }

  @Test
  void shouldKeepWhatIsOddInARecord() throws Exception {
    // Given
    Prediction odd = SamplePredictions.of(0, BEGIN);
    odd.setId("a\u0000b\"\\\n\ud83d\ude42");
    odd.setGold(null);
    odd.setConfidence(Float.NaN);
    odd.getCost().setTotal(Double.POSITIVE_INFINITY);
    odd.setHops(List.of());
    odd.setAttributes(Map.of());
    odd.setTier(Tier.UNKNOWN);
    predict(odd);

    // When
    JsonNode row = rows("SELECT * FROM predictions").get(0);

    // Then
    assertThat(row.get("id").asText()).isEqualTo(odd.getId());
    assertThat(row.get("gold").isNull()).isTrue();
    assertThat(row.get("confidence").asText()).isEqualTo("NaN");
    assertThat(row.get("cost").get("total").asText()).isEqualTo("Infinity");
    assertThat(row.get("hops")).isEmpty();
    assertThat(row.get("attributes")).isEmpty();
    assertThat(row.get("tier").asText()).isEqualTo("unknown");
  }

  @Test
  void shouldReadOnlyWhatIsNew() throws Exception {
    // Given
    predict(0, 40);
    assertThat(lines("SELECT count(*) AS n FROM predictions")).containsExactly("{\"n\":40}");
    predict(40, 45);

    // When
    Reading reading = new Reading();
    long count = count(TimeSpan.ALL, reading);

    // Then
    assertThat(count).isEqualTo(45);
    assertThat(reading.records).isEqualTo(5);
    assertThat(count(TimeSpan.ALL, reading)).isEqualTo(45);
    assertThat(reading.updates).as("the last query reads nothing").isEqualTo(1);
  }

  /** What was read of the topics. */
  private static final class Reading implements Analytics.Watcher {
    private long records;
    private int updates;

    @Override
    public void read(long done, long most) {
      assertThat(done).isLessThanOrEqualTo(most);
    }

    @Override
    public void end(long all, long left) {
      records += all;
      updates++;
    }
  }

  /** Rows that SQL sees. */
  private long count(TimeSpan span, Reading reading) throws Exception {
    try (Database database = Database.load();
        QuerySession session =
            new Analytics(settings, topics, formats, directory.resolve(CACHE + "/query"), database)
                .open("predictions", span, false, reading)) {
      return session.count("predictions");
    }
  }

  @Test
  void shouldReadFromATimeOnAndTheRestWhenItIsAskedFor() throws Exception {
    // Given 60 records, 2 s apart
    predict(0, 60);
    Instant middle = BEGIN.plusSeconds(80);
    Reading reading = new Reading();

    // When
    long since = count(new TimeSpan(middle, null), reading);
    long readSince = reading.records;
    long between = count(new TimeSpan(middle, middle.plusSeconds(20)), reading);
    long all = count(TimeSpan.ALL, reading);

    // Then
    assertThat(since).isEqualTo(20);
    assertThat(readSince).isEqualTo(20);
    assertThat(between).isEqualTo(10);
    assertThat(all).isEqualTo(60);
    assertThat(reading.records).isEqualTo(60);
    assertThat(lines("SELECT count(*) AS n FROM predictions", "--since", "2026-11-20T07:00"))
        .containsExactly("{\"n\":30}");
    assertThat(lines("SELECT count(*) AS n FROM predictions", "--until", "2026-11-20T06:59:10Z"))
        .containsExactly("{\"n\":5}");
  }

  @Test
  void shouldForgetATopicThatWasMadeAgain() throws Exception {
    // Given
    predict(0, 20);
    assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(20);
    try (Admin admin = Admin.create(settings.admin())) {
      admin.deleteTopics(List.of(topics.predictions())).all().get();
    }
    TopicSetup.ensure(settings, List.of(topics.predictions()), PARTITIONS);
    predict(100, 103);

    // Then
    assertThat(lines("SELECT id FROM predictions ORDER BY id LIMIT 1"))
        .containsExactly("{\"id\":\"review-00000100\"}");
    assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(3);
  }

  @Test
  void shouldSeeNothingOfAbortedTransactions() throws Exception {
    // Given
    predict(0, 3);
    try (KafkaProducer<byte[], byte[]> aborting =
        new KafkaProducer<>(settings.producer("aborting"))) {
      aborting.initTransactions();
      aborting.beginTransaction();
      Prediction prediction = SamplePredictions.of(9, BEGIN);
      Future<?> unused =
          aborting.send(
              new ProducerRecord<>(
                  topics.predictions(),
                  formats.of(Prediction.class).encode(topics.predictions(), prediction)));
      aborting.flush();

      // When
      long whileOpen = count(TimeSpan.ALL, new Reading());
      aborting.abortTransaction();
      predict(3, 5);

      // Then
      assertThat(whileOpen).isEqualTo(3);
      assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(5);
    }
  }

  @Test
  void shouldLeaveOutAndCountWhatCannotBeRead() throws Exception {
    // Given
    predict(0, 2);
    send(topics.predictions(), "bad", new byte[] {1, 2, 3}, BEGIN);

    // When
    CommandResult first = query("SELECT count(*) AS n FROM predictions", "--json");
    CommandResult second = query("SELECT count(*) AS n FROM predictions", "--json");

    // Then
    assertThat(first.out()).isEqualTo("{\"n\":2}\n");
    assertThat(first.err()).contains("dimee: skipped 1 of 3 new records, which cannot be read");
    assertThat(second.out()).isEqualTo("{\"n\":2}\n");
    assertThat(second.err()).isEmpty();
  }

  @Test
  void shouldJoinPredictionsWithEventsAndDeadLetters() throws Exception {
    // Given
    predict(0, 3);
    event(0, "positive");
    event(1, "positive");
    event(2, "");
    send(
        topics.deadLetters(),
        DeadLetter.class,
        "review-00000002",
        letter("review-00000002", "no such label"),
        BEGIN);

    // Then
    assertThat(
            lines(
                """
                SELECT e.text, e.label = p.label_name AS right_, d.reason, d.source_offset
                FROM predictions p JOIN events e USING (id) LEFT JOIN dead_letters d ON d.event_id = p.id ORDER BY id
                """))
        .containsExactly(
            "{\"text\":\"text 0\",\"right_\":false,\"reason\":null,\"source_offset\":null}",
            "{\"text\":\"text 1\",\"right_\":true,\"reason\":null,\"source_offset\":null}",
            "{\"text\":\"text 2\",\"right_\":false,\"reason\":\"unknown_label\",\"source_offset\":7}");
    assertThat(lines("FROM dead_letter_reasons"))
        .containsExactly(
            """
            {"stage":"router","reason":"unknown_label","dead_letters":1,"first_at":"2026-11-20T06:59:00Z",\
            "last_at":"2026-11-20T06:59:00Z","newest_message":"no such label"}""");
  }

  private DeadLetter letter(String eventId, String message) {
    return DeadLetter.newBuilder()
        .setEventId(eventId)
        .setStage(Stage.ROUTER)
        .setReason(Reason.UNKNOWN_LABEL)
        .setMessage(message)
        .setException(null)
        .setTopic(topics.events())
        .setPartition(1)
        .setOffset(7)
        .setPayloadSize(99)
        .setPayloadHead(ByteBuffer.wrap(new byte[0]))
        .setFailedAt(BEGIN)
        .build();
  }

  @Test
  void shouldComputeTheViews() throws Exception {
    // Given 30 in the hour before 7 and 30 after, every tenth wrong, costs 3, 3, 9, 18
    predict(0, 60);

    // Then
    assertThat(lines("FROM savings"))
        .containsExactly(
            // 8 of 18, 7 of 9 and 15 of 3
            """
            {"hour":"2026-11-20T06:00:00Z","model_id":"sst2@0123456789abcdef","predictions":30,"cost":237.0,\
            "cloud_only_cost":510.0,"reduction":0.5352941176470588}""",
            """
            {"hour":"2026-11-20T07:00:00Z","model_id":"sst2@0123456789abcdef","predictions":30,"cost":258.0,\
            "cloud_only_cost":510.0,"reduction":0.49411764705882355}""");
    assertThat(lines("SELECT tier, exit_depth, labelled, correct FROM accuracy"))
        .containsExactly(
            "{\"tier\":\"mobile\",\"exit_depth\":3,\"labelled\":30,\"correct\":27}",
            "{\"tier\":\"edge\",\"exit_depth\":6,\"labelled\":15,\"correct\":12}",
            "{\"tier\":\"cloud\",\"exit_depth\":12,\"labelled\":15,\"correct\":15}");
    assertThat(lines("SELECT id, cost, way FROM expensive LIMIT 1"))
        .containsExactly(
            "{\"id\":\"review-00000003\",\"cost\":18.0,\"way\":\"mobile 0-3, edge 3-6, cloud 6-12\"}");
  }

  @Test
  void shouldMeasureTheDriftOfPools() throws Exception {
    // Given 3 easy and 1 medium before 7, 4 medium after
    for (int i = 0; i < 8; i++) {
      Prediction prediction = SamplePredictions.of(i < 4 ? i : 100 + i, BEGIN);
      prediction.setPool(i < 3 ? Pool.EASY : Pool.MEDIUM);
      predict(prediction);
    }

    // When
    List<JsonNode> rows = rows("FROM pool_drift");

    // Then
    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).get("pool").asText()).isEqualTo("easy");
    assertThat(rows.get(0).get("share").asDouble()).isEqualTo(0.75);
    assertThat(rows.get(0).get("share_overall").asDouble()).isEqualTo(0.375);
    assertThat(rows.get(3).get("predictions").asLong()).isZero();
    assertThat(rows.get(0).get("psi").asDouble()).isEqualTo(psi(3, 1), within(1e-12));
    assertThat(rows.get(4).get("psi").asDouble()).isEqualTo(psi(0, 4), within(1e-12));
  }

  private static org.assertj.core.data.Offset<Double> within(double distance) {
    return org.assertj.core.data.Offset.offset(distance);
  }

  /** Of an hour with 4 events against all 8: 3 easy, 5 medium, none hard. */
  private static double psi(int easy, int medium) {
    double sum = 0;
    double[] here = {(easy + 0.5) / 5.5, (medium + 0.5) / 5.5, 0.5 / 5.5};
    double[] overall = {3.5 / 9.5, 5.5 / 9.5, 0.5 / 9.5};
    for (int i = 0; i < here.length; i++) {
      sum += (here[i] - overall[i]) * Math.log(here[i] / overall[i]);
    }
    return sum;
  }

  private static LedgerEntry ledger(long count) {
    return LedgerEntry.newBuilder()
        .setWindowStart(BEGIN)
        .setWindowEnd(BEGIN.plusSeconds(60))
        .setTier(Tier.EDGE)
        .setPool(Pool.HARD)
        .setPolicy("cascade")
        .setModelId("sst2@0")
        .setCount(count)
        .setSpilled(0)
        .setCost(9.0 * count)
        .setCloudOnlyCost(17.0 * count)
        .setBytesOffloaded(10 * count)
        .setLayersRun(6 * count)
        .setConfidences(List.of(0L, count))
        .setExits(List.of(new ExitCount(6, count, count, count - 1)))
        .build();
  }

  @Test
  void shouldShowTheNewestOfEachWindowOfTheLedger() throws Exception {
    // Given no topic, which is fine
    assertThat(lines("SELECT count(*) AS n FROM ledger")).containsExactly("{\"n\":0}");
    TopicSetup.ensure(settings, List.of(topics.ledger()), 1);

    // When
    send(topics.ledger(), LedgerEntry.class, "window", ledger(1), BEGIN);
    send(topics.ledger(), LedgerEntry.class, "window", ledger(3), BEGIN.plusSeconds(1));

    // Then
    assertThat(
            lines(
                "SELECT tier, \"count\", cost, confidences, exits[1].\"right\" AS correct FROM ledger"))
        .containsExactly(
            "{\"tier\":\"edge\",\"count\":3,\"cost\":27.0,\"confidences\":[0,3],\"correct\":2}");
  }

  /** A window whose key has another partition since the topic has more of them. */
  @Test
  void shouldShowTheNewestOfAWindowThatGoesOnInAnotherPartition() throws Exception {
    // Given sums that were right once, with greater ones before that somebody has counted again
    TopicSetup.ensure(settings, List.of(topics.ledger()), 2);
    byte[] key = "window".getBytes(StandardCharsets.UTF_8);
    int second = 0;
    for (long count : List.of(9L, 1L, 2L)) {
      sendTo(0, key, ledger(count), BEGIN.plusSeconds(second++));
    }

    // When
    sendTo(1, key, ledger(3), BEGIN.plusSeconds(second));
    sendTo(1, key, ledger(4), BEGIN.plusSeconds(second));

    // Then
    assertThat(lines("SELECT \"count\" FROM ledger")).containsExactly("{\"count\":4}");
  }

  private void sendTo(int partition, byte[] key, LedgerEntry entry, Instant time)
      throws ExecutionException, InterruptedException {
    byte[] value = formats.of(LedgerEntry.class).encode(topics.ledger(), entry);
    producer
        .send(new ProducerRecord<>(topics.ledger(), partition, time.toEpochMilli(), key, value))
        .get();
  }

  @Test
  void shouldPrintTablesAndCsv() throws Exception {
    // Given
    predict(0, 4);
    String sql =
        "SELECT tier, count(*) AS n, avg(cost.total) AS cost, any_value(CASE WHEN tier = 'edge' THEN 'a \"b\", c' END) AS t,"
            + " list(id ORDER BY id) AS ids FROM predictions GROUP BY 1 ORDER BY 3";

    // Then
    assertThat(query(sql, "--csv").out())
        .isEqualTo(
            """
            tier,n,cost,t,ids
            mobile,2,3.0,,"[""review-00000000"",""review-00000001""]"
            edge,1,9.0,"a ""b"", c","[""review-00000002""]"
            cloud,1,18.0,,"[""review-00000003""]"
            """
                .replace("\n", "\r\n"));
    assertThat(query(sql).out().lines().map(String::stripTrailing))
        .startsWith(
            " tier    n  cost  t         ids",
            " mobile  2     3  -         [\"review-00000000\",\"review-00000001\"]");
    assertThat(query("SELECT id, repeat('x', 100) FROM predictions, range(300)").out())
        .contains("x…", "first 1,000 rows only; --csv and --json print all");
  }

  @Test
  void shouldShowTheResultOfEveryStatement() throws Exception {
    // Given
    predict(0, 3);
    Path file =
        Files.writeString(
            directory.resolve("two.sql"),
            "SELECT count(*) AS predictions FROM predictions;\n-- and; then\nSELECT 7 AS letters;\n");

    // Then
    assertThat(query("--file", file.toString()).out().lines().map(String::strip))
        .containsExactly("predictions", "3", "", "letters", "7");
    assertThat(lines("--file", file.toString()))
        .containsExactly("{\"predictions\":3}", "{\"letters\":7}");
    CommandResult csv = query("--csv", "--file", file.toString());
    assertThat(csv.code()).isEqualTo(2);
    assertThat(csv.err())
        .contains("csv can hold only one result, and the SQL has several; valid: one");
    assertThat(
            query("--csv", "CREATE TEMP TABLE x AS SELECT 1 AS a; FROM x; SET threads = 1").out())
        .isEqualTo("a\r\n1\r\n");
  }

  @Test
  void shouldCountTimeInUtcWhereverTheMachineIs() throws Exception {
    // Given a prediction of now and one that is two hours old
    Instant now = Instant.now();
    predict(SamplePredictions.of(0, now));
    predict(SamplePredictions.of(1, now.minus(Duration.ofHours(2))));
    String sql =
        "SELECT (SELECT count(*) FROM predictions WHERE predicted_at > now() - INTERVAL 10 MINUTE) AS n,"
            + " today() = (now() AT TIME ZONE 'UTC')::DATE AND current_date = today() AS day,"
            + " abs(epoch(localtimestamp) - epoch(now())) < 1 AS here,"
            + " CAST('2026-11-20 07:00:00' AS TIMESTAMPTZ) AS t, [to_timestamp(0)] AS list,"
            + " strftime(to_timestamp(0), '%H') AS hour";

    // When
    List<JavaProcess> processes = new ArrayList<>();
    for (String zone : List.of("America/New_York", "Asia/Kathmandu")) {
      processes.add(
          JavaProcess.startFrom(
              directory,
              zone.replace('/', '-'),
              "TZ=%s exec \"$@\"".formatted(zone),
              arguments("query", "--json", sql)));
    }
    Path output = directory.resolve("out");
    processes.add(
        JavaProcess.startFrom(
            directory,
            "export",
            "TZ=Pacific/Kiritimati exec \"$@\"",
            arguments("export", "--output", output.toString(), "--since", "1h")));

    // Then
    for (JavaProcess process : processes) {
      assertThat(process.waitFor(120)).as(process.output()).isZero();
    }
    assertThat(processes.subList(0, 2))
        .extracting(JavaProcess::output)
        .containsOnly(
            """
            {"n":1,"day":true,"here":true,"t":"2026-11-20T07:00:00Z","list":["1970-01-01T00:00:00Z"],"hour":"00"}
            """);
    assertThat(
            readBack(
                "SELECT count(*), bool_and(day = strftime(predicted_at, '%%Y-%%m-%%d')) FROM '%s/**/*.parquet'"
                    .formatted(output)))
        .containsExactly("1 true");
  }

  @Test
  void shouldPrintWhatOthersWroteAsText() throws Exception {
    // Given an id that moves the cursor and forges a line, and a dead letter of such an event
    String hostile = "x\u001b[2J\u009b2J\u202e\nforged-id\t0.999";
    String spelled = "x\\u001B[2J\\u009B2J\\u202E\\nforged-id\\t0.999";
    Prediction prediction = SamplePredictions.of(0, BEGIN);
    prediction.setId(hostile);
    prediction.setLabelName(hostile);
    predict(prediction);
    DeadLetter letter = letter(hostile, "label %s is none".formatted(hostile));
    send(topics.deadLetters(), DeadLetter.class, hostile, letter, BEGIN);
    String sql = "SELECT id, label_name AS \"la\u009bbel\" FROM predictions";

    // Then no command sends it to a terminal as it is
    String listed = cluster("dead-letters", "list").out();
    String place = listed.lines().skip(1).findFirst().orElseThrow().strip().split(" ", 2)[0];
    for (CommandResult result :
        List.of(
            cluster("predictions"),
            cluster("dead-letters", "list"),
            cluster("dead-letters", "show", place),
            query(sql))) {
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(result.out()).contains(spelled).doesNotContain("\nforged", "\t");
      assertThat(result.out().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c <= '~'));
    }
    assertThat(cluster("predictions").out()).hasLineCount(2);

    // and JSON and CSV hold it as it was
    assertThat(json.readTree(cluster("predictions", "--json").out()).get("id").asText())
        .isEqualTo(hostile);
    assertThat(
            json.readTree(cluster("dead-letters", "list", "--json").out()).get("event_id").asText())
        .isEqualTo(hostile);
    assertThat(rows(sql).get(0).get("id").asText()).isEqualTo(hostile);
    assertThat(query("--csv", sql).out()).contains("\"" + hostile + "\"");
    assertThat(query("SELECT * FROM \"" + hostile + "\"").err().lines().toList())
        .last()
        .asString()
        .startsWith("dimee: SQL: ")
        .doesNotContain("\u001b", "\u009b");
  }

  @Test
  void shouldKeepTheCacheFromOtherUsers() throws Exception {
    // Given a folder of an earlier build, which everybody may read
    Path folder = Files.createDirectories(directory.resolve(CACHE).resolve("query"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    predict(0, 1);

    // When
    assertThat(lines("SELECT count(*) AS n FROM predictions")).containsExactly("{\"n\":1}");

    // Then
    assertThat(permissions(folder)).isEqualTo("rwx------");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2).allMatch(file -> permissions(file).equals("rw-------"));
    }
    assertThat(lines("SELECT current_setting('temp_directory') AS t"))
        .containsExactly(
            "{\"t\":%s}".formatted(json.writeValueAsString(folder.resolve("tmp").toString())));
  }

  private static String permissions(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldSayWhatIsWrongWithSqlInOneLine() throws Exception {
    predict(0, 1);
    assertWrong("SELECT confidense FROM predictions", "\"confidence\"");
    assertWrong("SELECT * FROM prediction", "prediction");
    assertWrong("SELEKT 1", "syntax error");
    assertWrong("SELECT CAST(id AS INTEGER) FROM predictions", "Could not convert");
    assertWrong("  ", "empty");
    assertWrong("DELETE FROM cache.predictions", "read-only");
    assertWrong("COPY predictions TO '" + directory.resolve("x.csv") + "'", "disabled");
    assertWrong("SELECT * FROM read_text('/etc/hostname')", "disabled");
    assertWrong("SET enable_external_access = true", "");
    assertWrong("INSTALL httpfs", "");
    assertThat(query("SELECT 1", "--csv", "--json").code()).isEqualTo(2);
    assertThat(query().code()).isEqualTo(2);
    assertThat(query("--file", directory.resolve("absent.sql").toString()).code()).isEqualTo(2);
    assertThat(lines("SELECT count(*) AS n FROM predictions")).containsExactly("{\"n\":1}");
  }

  private void assertWrong(String sql, String message) {
    CommandResult result = query(sql);
    assertThat(result.code()).as(result.err()).isEqualTo(2);
    assertThat(result.err().lines().filter(line -> !line.startsWith("read")))
        .singleElement()
        .asString()
        .startsWith("dimee: ")
        .contains(message)
        .doesNotContain("LINE 1");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void shouldRefuseAFolderThatDuckDbCannotUse() {
    CommandResult result =
        CommandResult.of(
            "query", "FROM predictions", "--cache-dir", directory.resolve("which?").toString());

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).hasLineCount(1).contains("cache-dir", "which?", "question mark");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void shouldRunSqlOfAFile() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("q.sql"), "SELECT 6 * 7 AS answer;\n");

    // Then
    assertThat(lines("--file", file.toString())).containsExactly("{\"answer\":42}");
  }

  @Test
  void shouldSayThatATopicIsMissing() {
    // Given
    topics = new Topics("absent.");

    // When
    CommandResult result = query("FROM savings");

    // Then
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("dimee: topic-prefix=absent.: ")
        .contains("has no topic absent.predictions for the table predictions; valid: ");
  }

  @Test
  void shouldReadAnewWhenItIsAskedTo() throws Exception {
    // Given a cache that has got damaged
    predict(0, 3);
    assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(3);
    Path cache = directory.resolve(CACHE + "/query");
    Path old = Files.writeString(cache.resolve("old.duckdb"), "x");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(31))));
    try (Stream<Path> files = Files.list(cache)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".duckdb")).toList()) {
        if (!file.equals(old)) {
          Files.writeString(file, "no database");
        }
      }
    }

    // When
    CommandResult damaged = query("FROM predictions");
    CommandResult refreshed = query("SELECT count(*) FROM predictions", "--refresh", "--csv");

    // Then
    assertThat(damaged.code()).isEqualTo(1);
    assertThat(damaged.err()).contains("cannot read the cache", "--refresh rebuilds it");
    assertThat(refreshed.out()).endsWith("3\r\n");
    assertThat(old).doesNotExist();
  }

  @Test
  void shouldWaitForAnotherQuery() throws Exception {
    // Given
    predict(0, 3);
    assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(3);
    Path lock;
    try (Stream<Path> files = Files.list(directory.resolve(CACHE + "/query"))) {
      lock = files.filter(f -> f.toString().endsWith(".lock")).findFirst().orElseThrow();
    }

    // When another one reads at the same time, then one writes
    try (CacheLock reading = CacheLock.take(lock, true, Duration.ZERO)) {
      assertThat(reading).isNotNull();
      assertThat(takeFails(lock)).contains("another query has locked", "cache-dir");
    }
    assertThat(count(TimeSpan.ALL, new Reading())).isEqualTo(3);
  }

  private static String takeFails(Path lock) throws InterruptedException {
    try (CacheLock writing = CacheLock.take(lock, false, Duration.ofMillis(100))) {
      assertThat(writing).isNull();
      return "taken";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void shouldExportParquetThatReadsBack() throws Exception {
    // Given
    predict(0, 60);
    Path output = directory.resolve("out");

    // When
    CommandResult result =
        run("export", "--output", output.toString(), "--partition-by", "day,tier");

    // Then
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).startsWith("wrote 60 rows to " + output + ": 3 files, ");
    assertThat(output.resolve("day=2026-11-20/tier=edge")).isDirectory();
    assertThat(
            readBack(
                "SELECT tier, count(*), sum(cost.total), sum(len(hops)), max(CAST(day AS VARCHAR)) FROM '%s/**/*.parquet'"
                        .formatted(output)
                    + " GROUP BY 1 ORDER BY 2 DESC, 1"))
        .containsExactly(
            "mobile 30 90.0 30 2026-11-20",
            "cloud 15 270.0 45 2026-11-20",
            "edge 15 135.0 30 2026-11-20");
  }

  @Test
  void shouldExportCsvAndReplaceOnlyExports() throws Exception {
    // Given
    predict(0, 4);
    String output = directory.resolve("out").toString();
    String[] arguments = {"--output", output, "--format", "csv", "--partition-by", "none"};

    // When
    CommandResult first = run("export", arguments);
    CommandResult second = run("export", arguments);
    CommandResult third =
        run(
            "export",
            Stream.concat(Stream.of(arguments), Stream.of("--overwrite")).toArray(String[]::new));
    Files.writeString(directory.resolve("out/thesis.txt"), "mine");
    CommandResult fourth =
        run(
            "export",
            Stream.concat(Stream.of(arguments), Stream.of("--overwrite")).toArray(String[]::new));

    // Then
    assertThat(first.out()).startsWith("wrote 4 rows to " + output + ": 1 files, ");
    assertThat(second.code()).isEqualTo(2);
    assertThat(second.err()).contains("is not empty", "--overwrite");
    assertThat(third.code()).isZero();
    assertThat(fourth.code()).isEqualTo(2);
    assertThat(fourth.err()).contains("thesis.txt");
    assertThat(directory.resolve("out/thesis.txt")).exists();
    assertThat(
            readBack(
                "SELECT id, hops::JSON->0->>'tier', cost::JSON->>'total' FROM '%s/predictions.csv' ORDER BY 1 LIMIT 1"
                    .formatted(output)))
        .containsExactly("review-00000000 mobile 3.0");
    assertThat(run("export").err()).contains("output is missing");
    assertThat(run("export", "--output", output, "--table", "nothing").err())
        .contains("table=nothing is not a table; valid: predictions, events, dead_letters, ledger");
    assertThat(run("export", "--output", output + "2", "--partition-by", "hops").err())
        .contains("partition-by=hops", "valid: day, hour");
  }

  private static List<String> readBack(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DuckDb.inMemory();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> cells = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          cells.add(result.getString(i));
        }
        rows.add(String.join(" ", cells));
      }
    }
    return rows;
  }

  @Test
  void shouldListTablesAndViews() {
    assertThat(CommandResult.of("query", "--views").out())
        .contains("predictions", "events", "dead_letters", "ledger", "pool_drift");
  }
}
