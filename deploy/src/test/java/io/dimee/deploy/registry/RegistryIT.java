package io.dimee.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import io.dimee.avro.InferenceTask;
import io.dimee.avro.Pool;
import io.dimee.avro.Prediction;
import io.dimee.avro.Reason;
import io.dimee.avro.TextEvent;
import io.dimee.broker.EmbeddedBroker;
import io.dimee.deploy.CommandResult;
import io.dimee.deploy.SharedBroker;
import io.dimee.deploy.Workbench;
import io.dimee.inference.bundle.Tier;
import io.dimee.node.stages.Stages;
import io.dimee.serdes.RecordFormats;
import io.dimee.serdes.RegistryFormats;
import io.dimee.serdes.RegistrySettings;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.Certificates;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.TopicSetup;
import io.dimee.topology.cluster.Topics;
import io.dimee.topology.routing.Policy;
import io.dimee.topology.routing.SpillSwitch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real registry: Apicurio's, by Confluent's interface. Needs a JDK that is newer than ours. */
@ExtendWith(SharedBroker.class)
class RegistryIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PASSWORD = "registry-Secret-1";
  private static final String USER_INFO = "alice:" + PASSWORD;

  /** Written by Apicurio's serializer; the id is 1. */
  private static final Path GOLDEN =
      Path.of("../serdes/src/test/resources/io/dimee/serdes/text-event.hex");

  @TempDir static Path directory;
  private static RealRegistry registry;
  private static Certificates certificates;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Optional<Path> java = NewerJdk.java();
    assumeTrue(
        java.isPresent(),
        "no JDK %d or newer on this machine: nothing is tested with a real registry"
            .formatted(NewerJdk.LEAST));
    certificates = Certificates.create(directory, PASSWORD);
    registry = RealRegistry.start(java.get(), Path.of("target", "registry.log"));
  }

  @AfterAll
  static void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  /** How a registry is protected, and what a client needs for it. */
  enum Protection {
    NONE,
    BASIC {
      @Override
      Map<String, String> properties() {
        return Map.of(
            "basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", USER_INFO);
      }
    },
    BEARER_OVER_TLS {
      @Override
      Map<String, String> properties() {
        return Map.of(
            "bearer.auth.credentials.source",
            "STATIC_TOKEN",
            "bearer.auth.token",
            PASSWORD,
            "schema.registry.ssl.truststore.location",
            certificates.store().toString(),
            "schema.registry.ssl.truststore.password",
            PASSWORD);
      }
    };

    Map<String, String> properties() {
      return Map.of();
    }

    String url(Gate gate) {
      return this == NONE ? registry.confluentUrl() : gate.url() + "/apis/ccompat/v7";
    }

    Gate gate() {
      try {
        String target = registry.confluentUrl().replaceAll("/apis.*", "");
        return this == BEARER_OVER_TLS
            ? new Gate("Bearer " + PASSWORD, certificates.context(), target)
            : new Gate(
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(USER_INFO.getBytes(StandardCharsets.UTF_8)),
                null,
                target);
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static RegistryFormats formats(boolean autoRegister) {
    return new RegistryFormats(
        RegistrySettings.of(Map.of(RegistrySettings.URL, registry.confluentUrl()), autoRegister));
  }

  @ParameterizedTest
  @EnumSource
  void shouldRunThePipelineWhateverProtectsTheRegistry(Protection protection) throws IOException {
    try (Gate gate = protection.gate()) {
      // Given
      Path summary = directory.resolve(protection + ".json");
      List<String> args =
          new ArrayList<>(
              List.of(
                  "run",
                  "--bundle",
                  "../testing/bundles/tiny",
                  "--cache-dir",
                  SharedCache.FOLDER.toString(),
                  "--limit",
                  "20",
                  "--summary",
                  summary.toString(),
                  "--schema-registry-url",
                  protection.url(gate)));
      protection
          .properties()
          .forEach(
              (key, value) ->
                  args.addAll(List.of("--schema-registry-property", key + "=" + value)));

      // When
      CommandResult result = CommandResult.of(args.toArray(String[]::new));

      // Then
      assertThat(result.code()).as(result.err()).isZero();
      assertThat(Files.readString(summary)).contains("\"answered\":20", "\"dead_letters\":0");
      assertThat(result.out() + result.err()).doesNotContain(PASSWORD);
    }
  }

  @Test
  void shouldStopInOneLineWithoutTheRightPassword() throws IOException {
    try (Gate gate = Protection.BASIC.gate()) {
      CommandResult result =
          CommandResult.of(
              "schemas",
              "check",
              "--schema-registry-url",
              Protection.BASIC.url(gate),
              "--schema-registry-property",
              "basic.auth.credentials.source=USER_INFO",
              "--schema-registry-property",
              "basic.auth.user.info=alice:wrong-Secret-2");

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).hasLineCount(1).contains("Unauthorized").doesNotContain("Secret-2");
    }
  }

  @Test
  void shouldRegisterByCommandAloneAndRefuseWhatIsNotCompatible(EmbeddedBroker broker)
      throws Exception {
    try (Workbench bench = new Workbench(broker, "commands.")) {
      String[] where = {
        "--bootstrap-servers",
        bench.bootstrapServers(),
        "--topic-prefix",
        "commands.",
        "--schema-registry-url",
        registry.confluentUrl()
      };

      // Given a registry that does not know the schemas yet
      CommandResult early =
          CommandResult.of(
              concat(
                  where,
                  "edge",
                  "--bundle",
                  "../models/bundles/sst2",
                  "--cache-dir",
                  SharedCache.FOLDER.toString()));
      assertThat(early.code()).isEqualTo(1);
      assertThat(early.err()).hasLineCount(1).contains("dimee schemas register");
      assertThat(CommandResult.of(concat(where, "schemas", "check")).out())
          .contains("can be registered");

      // When
      CommandResult registered = CommandResult.of(concat(where, "schemas", "register"));

      // Then
      assertThat(registered.code()).as(registered.err()).isZero();
      assertThat(CommandResult.of(concat(where, "schemas", "check")).out())
          .contains("commands.events", "registered")
          .doesNotContain("can be");

      // and a subject that holds something else is told of
      String[] elsewhere = where.clone();
      elsewhere[3] = "other.";
      try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
        serializer.configure(apicurio(), false);
        serializer.serialize("other.events", anything());
      }
      registry.setCompatibility("other.events-value", "FULL");
      CommandResult refused = CommandResult.of(concat(elsewhere, "schemas", "check"));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.out()).contains("not compatible");
    }
  }

  private static String[] concat(String[] last, String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(last));
    return all.toArray(String[]::new);
  }

  private static GenericRecord anything() {
    Schema schema =
        new Schema.Parser()
            .parse(
                "{\"type\":\"record\",\"name\":\"TextEvent\",\"namespace\":\"io.dimee.avro\",\"fields\":[{\"name\":\"n\",\"type\":\"int\"}]}");
    GenericRecord record = new GenericData.Record(schema);
    record.put("n", 1);
    return record;
  }

  /** Settings of Apicurio's own serde for Confluent's wire format. */
  private static Map<String, Object> apicurio() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("apicurio.registry.url", registry.ownUrl());
    settings.put("apicurio.registry.auto-register", true);
    settings.put(
        "apicurio.registry.artifact-resolver-strategy",
        "io.apicurio.registry.serde.strategy.TopicIdStrategy");
    settings.put(
        "apicurio.registry.id-handler", "io.apicurio.registry.serde.Default4ByteIdHandler");
    settings.put("apicurio.registry.use-id", "contentId");
    settings.put("apicurio.registry.headers.enabled", false);
    return settings;
  }

  private static TextEvent golden() {
    return TextEvent.newBuilder()
        .setId("golden")
        .setText("A quiet film \u2014 \u597d\u770b \ud83d\ude42")
        .setTextPair("It is memorable.")
        .setLabel(null)
        .setCreatedAt(Instant.ofEpochMilli(1_790_000_000_123L))
        .setAttributes(Map.of("source", "kiosk"))
        .build();
  }

  @Test
  void shouldSpeakWithAnImplementationThatIsNotOurs() throws IOException {
    String topic = "interop.events";
    try (RegistryFormats formats = formats(true);
        AvroKafkaSerializer<TextEvent> serializer = new AvroKafkaSerializer<>();
        AvroKafkaDeserializer<GenericRecord> deserializer = new AvroKafkaDeserializer<>()) {
      serializer.configure(apicurio(), false);
      deserializer.configure(apicurio(), false);

      // When each reads what the other wrote; ours lets Avro trust the class for both
      byte[] ours = formats.of(TextEvent.class).encode(topic, golden());
      byte[] theirs = serializer.serialize(topic, golden());

      // Then
      assertThat(formats.of(TextEvent.class).decode(topic, theirs)).isEqualTo(golden());
      assertThat(deserializer.deserialize(topic, ours).get("text")).hasToString(golden().getText());
      assertThat(ours).isEqualTo(theirs);
      byte[] withIdOne = theirs.clone();
      ByteBuffer.wrap(withIdOne).putInt(1, 1);
      assertThat(HexFormat.of().formatHex(withIdOne)).isEqualTo(Files.readString(GOLDEN).strip());
    }
  }

  /** A task as a build of the first version writes it: without the fields that came later. */
  private static byte[] firstVersion(String topic, String id) throws IOException {
    InferenceTask task =
        InferenceTask.newBuilder()
            .setEventId(id)
            .setModelId("sst2@0")
            .setPolicy(Policy.CASCADE.id())
            .setPool(Pool.EASY)
            .setTokenIds(List.of(101, 2986, 2143, 102))
            .setPairStart(4)
            .setMinExitDepth(1)
            .setMaxExitDepth(12)
            .setDepth(0)
            .setCreatedAt(Instant.now())
            .setAttributes(Map.of())
            .build();
    Schema version;
    try (InputStream file =
        InferenceTask.class.getResourceAsStream("schemas/v1/InferenceTask.avsc")) {
      version = new Schema.Parser().parse(file);
    }
    byte[] current = InferenceTask.getEncoder().encode(task).array();
    GenericRecord old =
        new GenericDatumReader<GenericRecord>(InferenceTask.getClassSchema(), version)
            .read(null, DecoderFactory.get().binaryDecoder(current, 10, current.length - 10, null));
    try (AvroKafkaSerializer<GenericRecord> serializer = new AvroKafkaSerializer<>()) {
      serializer.configure(apicurio(), false);
      return serializer.serialize(topic, old);
    }
  }

  /** Ids of a JSON schema, of a Protobuf schema, and of none. */
  private static List<Integer> useless() throws IOException, InterruptedException {
    return List.of(
        registry.register(
            "json",
            "JSON",
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}"),
        registry.register("protobuf", "PROTOBUF", "syntax = \"proto3\"; message A {}"),
        Integer.MAX_VALUE);
  }

  @Test
  void shouldAnswerOldAndNewRecordsInOneStream(EmbeddedBroker broker) throws Exception {
    // Given a pipeline that has got a registry
    Topics topics = new Topics("upgrade.");
    try (RegistryFormats formats = formats(true);
        Workbench bench = new Workbench(broker, topics.prefix(), formats);
        Stages stages = new Stages()) {
      TopicSetup.ensure(bench.settings(), topics.all(), 1);
      for (Tier tier : Tier.values()) {
        stages.add(bench.tier(tier, SpillSwitch.never(), Map.of()));
      }
      stages.add(bench.router(Policy.CASCADE, SpillSwitch.never()));
      stages.start();

      // When events come in both wire formats, tasks of an earlier version, and records whose
      // schemas are of no use
      byte[] unusable = Workbench.event(formats, topics, "unusable", "a film", null);
      for (int id : useless()) {
        ByteBuffer.wrap(unusable).putInt(1, id);
        bench.write(topics.events(), "unusable", unusable.clone());
      }
      RecordFormats before = new SingleObjectFormats();
      for (int i = 0; i < 5; i++) {
        bench.send("new" + i, "a fine film", null);
        bench.write(
            topics.events(), "old" + i, Workbench.event(before, topics, "old" + i, "a bore", null));
        bench.write(topics.easy(), "first" + i, firstVersion(topics.easy(), "first" + i));
      }

      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                stages.throwIfFailed();
                assertThat(bench.observed().predictions())
                    .extracting(Prediction::getId)
                    .filteredOn(id -> id.matches("(new|old|first)[0-4]"))
                    .hasSize(15)
                    .doesNotHaveDuplicates();
              });
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(bench.observed().letters())
                      .hasSize(3)
                      .extracting(entry -> entry.letter().getReason())
                      .containsOnly(Reason.UNREADABLE_RECORD));
      assertThat(bench.observed().letters())
          .extracting(entry -> entry.letter().getMessage())
          .satisfiesExactlyInAnyOrder(
              message -> assertThat(message).contains("is JSON, not Avro"),
              message -> assertThat(message).contains("is PROTOBUF, not Avro"),
              message -> assertThat(message).contains("has no Avro schema"));
      assertThat(bench.records(topics.predictions()))
          .allSatisfy(record -> assertThat(record.value()).startsWith(0));
    }
  }
}
