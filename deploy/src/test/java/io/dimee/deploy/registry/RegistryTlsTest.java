package io.dimee.deploy.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.avro.TextEvent;
import io.dimee.serdes.RegistryException;
import io.dimee.serdes.RegistryFormats;
import io.dimee.serdes.RegistrySettings;
import io.dimee.testing.Certificates;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether what answers is the registry, before it is told a password. */
@Tag("slow")
class RegistryTlsTest {
  private static final String PASSWORD = "registry-Secret-1";

  @TempDir Path directory;

  private static RegistryFormats formats(
      Gate gate, Certificates trusted, Map<String, String> more) {
    Map<String, String> client =
        new HashMap<>(
            Map.of(
                "basic.auth.credentials.source",
                "USER_INFO",
                "basic.auth.user.info",
                "alice:" + PASSWORD,
                "schema.registry.ssl.truststore.location",
                trusted.store().toString(),
                "schema.registry.ssl.truststore.password",
                trusted.password()));
    client.putAll(more);
    return new RegistryFormats(new RegistrySettings(gate.url(), client, false, 1));
  }

  @Test
  void shouldSendNothingToAHostWithACertificateForAnother() throws Exception {
    // Given a certificate that is trusted, and whose host has another name
    Certificates certificates = Certificates.forAnotherHost(directory, PASSWORD);
    try (Gate gate = new Gate("none", certificates.context(), "http://localhost");
        RegistryFormats formats = formats(gate, certificates, Map.of())) {
      // When
      assertThatThrownBy(() -> formats.prepare("dimee.events", TextEvent.class))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("localhost")
          .hasMessageNotContaining(PASSWORD);

      // Then
      assertThat(gate.requests()).isEmpty();
    }
  }

  @Test
  void shouldTakeAnyNameOnlyWhenItIsToldTo() throws Exception {
    Certificates certificates = Certificates.forAnotherHost(directory, PASSWORD);
    try (Gate gate = new Gate("none", certificates.context(), "http://localhost");
        RegistryFormats formats =
            formats(
                gate,
                certificates,
                Map.of("schema.registry.ssl.endpoint.identification.algorithm", ""))) {
      assertThatThrownBy(() -> formats.prepare("dimee.events", TextEvent.class))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("Unauthorized");

      assertThat(gate.requests()).hasSize(1);
    }
  }
}
