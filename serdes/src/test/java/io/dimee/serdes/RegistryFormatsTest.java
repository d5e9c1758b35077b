package io.dimee.serdes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.InferenceTask;
import io.dimee.avro.TextEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryFormatsTest {
  private static final String TOPIC = "dimee.events";

  /** Of the right name, but without the fields that an event must have. */
  private static final Schema INCOMPATIBLE =
      SchemaBuilder.record("TextEvent")
          .namespace("io.dimee.avro")
          .fields()
          .requiredInt("number")
          .endRecord();

  private StubRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry =
        new StubRegistry(
            TextEvent.getClassSchema(),
            INCOMPATIBLE,
            InferenceTask.getClassSchema(),
            WriterSchemas.of(InferenceTask.class).get(0));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private RegistryFormats formats(boolean autoRegister) {
    return new RegistryFormats(new RegistrySettings(registry.url(), Map.of(), autoRegister, 1));
  }

  private static byte[] withId(int id, byte[] bytes) {
    byte[] other = bytes.clone();
    ByteBuffer.wrap(other).putInt(1, id);
    return other;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldPutMagicAndIdBeforeTheRecord(boolean autoRegister) {
    try (RegistryFormats formats = formats(autoRegister)) {
      byte[] bytes = formats.of(TextEvent.class).encode(TOPIC, Samples.event());

      assertThat(bytes).startsWith(0, 0, 0, 0, 1);
      assertThat(formats.of(TextEvent.class).decode(TOPIC, bytes)).isEqualTo(Samples.event());
      assertThat(formats.of(TextEvent.class).encode(TOPIC, null)).isNull();
      assertThat(formats.of(TextEvent.class).decode(TOPIC, null)).isNull();
    }
  }

  /** What Apicurio's serializer makes of the same event; a test beside the real one says so. */
  @Test
  void shouldWriteAndReadTheBytesOfAnotherImplementation() throws IOException {
    byte[] golden;
    try (InputStream file = getClass().getResourceAsStream("text-event.hex")) {
      golden =
          HexFormat.of()
              .parseHex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
    TextEvent event =
        TextEvent.newBuilder()
            .setId("golden")
            .setText("A quiet film \u2014 \u597d\u770b \ud83d\ude42")
            .setTextPair("It is memorable.")
            .setLabel(null)
            .setCreatedAt(Instant.ofEpochMilli(1_790_000_000_123L))
            .setAttributes(Map.of("source", "kiosk"))
            .build();
    try (RegistryFormats formats = formats(false)) {
      assertThat(formats.of(TextEvent.class).encode(TOPIC, event)).isEqualTo(golden);
      assertThat(formats.of(TextEvent.class).decode(TOPIC, golden)).isEqualTo(event);
    }
  }

  @Test
  void shouldAskForEachSchemaOnce() {
    try (RegistryFormats formats = formats(false)) {
      for (int i = 0; i < 100; i++) {
        byte[] bytes = formats.of(TextEvent.class).encode(TOPIC, Samples.event());
        formats.of(TextEvent.class).decode(TOPIC, bytes);
      }

      assertThat(registry.requests()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void shouldReadEveryVersionAndWhatWasWrittenBeforeTheRegistry() {
    try (RegistryFormats formats = formats(false)) {
      RecordFormat<InferenceTask> tasks = formats.of(InferenceTask.class);
      byte[] current = tasks.encode(TOPIC, Samples.task());
      byte[] before =
          new SingleObjectFormats().of(InferenceTask.class).encode(TOPIC, Samples.task());
      byte[] first =
          Samples.asWrittenWith(WriterSchemas.of(InferenceTask.class).get(0), Samples.task());

      assertThat(current).startsWith(0, 0, 0, 0, 3);
      assertThat(tasks.decode(TOPIC, current)).isEqualTo(Samples.task());
      assertThat(tasks.decode(TOPIC, before)).isEqualTo(Samples.task());
      assertThat(tasks.decode(TOPIC, confluent(4, first))).isEqualTo(Samples.task());
    }
  }

  /** A record in single-object encoding with Confluent's header in place of its own. */
  private static byte[] confluent(int id, byte[] singleObject) {
    byte[] body = Arrays.copyOfRange(singleObject, 10, singleObject.length);
    return ByteBuffer.allocate(5 + body.length).put((byte) 0).putInt(id).put(body).array();
  }

  @Test
  void shouldPutAsideRecordsWhoseSchemaIsUnknownForeignOrIncompatible() {
    try (RegistryFormats formats = formats(false)) {
      RecordFormat<TextEvent> events = formats.of(TextEvent.class);
      byte[] bytes = events.encode(TOPIC, Samples.event());

      assertThatThrownBy(() -> events.decode(TOPIC, withId(77, bytes)))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("no Avro schema 77");
      assertThatThrownBy(() -> events.decode(TOPIC, withId(3, bytes)))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("io.dimee.avro.InferenceTask");
      assertThatThrownBy(() -> events.decode(TOPIC, withId(2, bytes)))
          .isInstanceOf(UnreadableRecordException.class);
      assertThatThrownBy(() -> events.decode(TOPIC, Arrays.copyOf(bytes, bytes.length - 1)))
          .isInstanceOf(UnreadableRecordException.class);
      assertThatThrownBy(() -> events.decode(TOPIC, new byte[] {0, 0}))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("ends before the id of its schema");
      assertThatThrownBy(() -> events.decode(TOPIC, new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}))
          .isInstanceOf(UnreadableRecordException.class)
          .hasMessageContaining("GUID, which is not read");
    }
  }

  @Test
  void shouldAskOnceForAnIdThatNobodyKnows() {
    try (RegistryFormats formats = formats(false)) {
      byte[] bytes = withId(77, formats.of(TextEvent.class).encode(TOPIC, Samples.event()));
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> formats.of(TextEvent.class).decode(TOPIC, bytes))
            .isInstanceOf(UnreadableRecordException.class);
      }

      assertThat(registry.requests()).filteredOn(path -> path.endsWith("/77")).hasSize(1);
    }
  }

  @Test
  void shouldGoOnWithWhatItKnowsWhenTheRegistryFails() {
    try (RegistryFormats formats = formats(false)) {
      RecordFormat<TextEvent> events = formats.of(TextEvent.class);
      byte[] bytes = events.encode(TOPIC, Samples.event());
      events.decode(TOPIC, bytes);

      registry.fail(500);

      assertThat(events.decode(TOPIC, events.encode(TOPIC, Samples.event())))
          .isEqualTo(Samples.event());
      // and what it does not know is nobody's fault but the registry's
      assertThatThrownBy(() -> events.decode(TOPIC, withId(9, bytes)))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("look schema 9 up");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500})
  void shouldFailAtStartWhenTheRegistryRefuses(int status) {
    registry.fail(status);
    try (RegistryFormats formats = formats(false)) {
      assertThatThrownBy(() -> formats.prepare(TOPIC, TextEvent.class))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining(registry.url())
          .hasMessageContaining("dimee.events-value");
    }
  }

  @Test
  void shouldFailAtStartWhenTheRegistryIsAway() {
    registry.close();
    try (RegistryFormats formats = formats(true)) {
      assertThatThrownBy(() -> formats.prepare(TOPIC, TextEvent.class))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining(registry.url());
    }
  }

  @Test
  void shouldSayHowToRegisterWhatIsNot() throws IOException {
    try (StubRegistry empty = new StubRegistry();
        RegistryFormats formats =
            new RegistryFormats(new RegistrySettings(empty.url(), Map.of(), false, 1))) {
      assertThatThrownBy(() -> formats.prepare(TOPIC, TextEvent.class))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("TextEvent as dimee.events-value")
          .hasMessageContaining("dimee schemas register");
    }
  }

  @Test
  void shouldTakeOnlyItsOwnPropertiesAndShowNoSecret() {
    RegistrySettings settings =
        RegistrySettings.of(
            Map.of(
                "schema.registry.url", "http://user:secret@host:1",
                "bearer.auth.token", "secret",
                "auto.register.schemas", "true",
                "security.protocol", "SSL"),
            false);

    assertThat(settings.client())
        .containsOnlyKeys(
            "bearer.auth.token", "basic.auth.credentials.source", "basic.auth.user.info");
    assertThat(settings.autoRegister()).isTrue();
    assertThat(settings.toString()).doesNotContain("secret");
    assertThat(RegistrySettings.of(Map.of("security.protocol", "SSL"), true)).isNull();
    assertThatThrownBy(
            () -> RegistrySettings.of(Map.of("schema.registry.url", "ftp://u:secret@host"), false))
        .hasMessageContaining("schema.registry.url=ftp://...@host is not valid")
        .hasMessageNotContaining("secret");
    assertThatThrownBy(
            () ->
                RegistrySettings.of(
                    Map.of("schema.registry.url", "http://h", "auto.register.schemas", "maybe"),
                    false))
        .hasMessageContaining("auto.register.schemas=maybe");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:secret@host:1/path",
        "https://user:secret@h_1:8081, https://user:secret@h_2:8081/p"
      })
  void shouldKeepNoPasswordInTheAddress(String url) {
    RegistrySettings settings = RegistrySettings.of(Map.of("schema.registry.url", url), false);

    assertThat(settings.url()).isEqualTo(url.replaceAll("user:secret@| ", ""));
    assertThat(settings.client())
        .containsEntry("basic.auth.credentials.source", "USER_INFO")
        .containsEntry("basic.auth.user.info", "user:secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://user:secret@host",
        "user:secret@host",
        "https://user:se/cret@host",
        "https://user:se cret@host",
        "https://user:cr,secret@host",
        "user:pass//secret@host",
        "https://user:secret@host,https://other:secret@host",
        "https://user:secret@host,https://host"
      })
  void shouldRefuseAddressesInOneLineWithoutTheirPassword(String url) {
    assertThatThrownBy(() -> RegistrySettings.of(Map.of("schema.registry.url", url), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining("schema.registry.url")
        .hasMessageContaining("valid: ")
        .hasMessageNotContaining("cr")
        .hasMessageNotContaining("pass/");
  }

  @Test
  void shouldLeaveTheUserToWhatSaysWhereItIsFrom() {
    Map<String, String> properties =
        Map.of(
            "schema.registry.url",
            "http://user:secret@host",
            "bearer.auth.credentials.source",
            "STATIC_TOKEN");

    assertThat(RegistrySettings.of(properties, false).client())
        .containsOnlyKeys("bearer.auth.credentials.source");
  }
}
