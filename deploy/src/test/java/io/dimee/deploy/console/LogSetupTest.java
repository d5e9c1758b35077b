package io.dimee.deploy.console;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.deploy.ConfigurationException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogSetupTest {
  @ParameterizedTest
  @ValueSource(strings = {"xml", "JSON", ""})
  void shouldNameTheFormatThatIsNone(String format) {
    assertThatThrownBy(() -> LogSetup.install(Map.of("DIMEE_LOG_FORMAT", format)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("DIMEE_LOG_FORMAT=%s is no format; valid: text, json".formatted(format));
  }
}
