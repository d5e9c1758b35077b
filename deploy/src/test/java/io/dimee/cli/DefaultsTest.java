package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.console.CommonOptions;
import io.dimee.console.KafkaOptions;
import io.dimee.topology.cluster.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class DefaultsTest {
  private static final Map<String, String> EMPTY = Map.of();

  @TempDir Path directory;

  @Command(name = "root", subcommands = Sub.class)
  static final class Root {}

  @Command(name = "sub")
  static final class Sub implements Runnable {
    @Option(names = "--port", defaultValue = "9092")
    int port;

    @Mixin KafkaOptions kafka;
    @Mixin CommonOptions common;

    @Override
    public void run() {}
  }

  private static Sub parse(Map<String, String> environment, String... options) {
    List<String> args = Stream.concat(Stream.of("sub"), Stream.of(options)).toList();
    CommandLine root = new CommandLine(new Root());
    Defaults.of(args, environment, root).applyTo(root.getCommandSpec());
    root.parseArgs(args.toArray(String[]::new));
    return (Sub) root.getSubcommands().get("sub").getCommand();
  }

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("dimee.properties"), content).toString();
  }

  @Test
  void shouldPreferOptionThenEnvironmentThenFileThenDefault() throws IOException {
    String file = file("port=3");
    Map<String, String> environment = Map.of("DIMEE_PORT", "2");

    assertThat(parse(environment, "--config", file, "--port", "1").port).isEqualTo(1);
    assertThat(parse(environment, "--config", file).port).isEqualTo(2);
    assertThat(parse(EMPTY, "--config=" + file).port).isEqualTo(3);
    assertThat(parse(Map.of("DIMEE_CONFIG", file)).port).isEqualTo(3);
    assertThat(parse(EMPTY).port).isEqualTo(9092);
  }

  @Test
  void shouldNameAnUnknownKeyAndTheValidOnes() throws IOException {
    // Given
    String file = file("prot=3");

    // When, then
    assertThatThrownBy(() -> parse(EMPTY, "--config", file))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("prot")
        .hasMessageContaining("valid: bootstrap-servers, config, ")
        .hasMessageContaining("port, ");
  }

  @Test
  void shouldNameAFileThatDoesNotExist() {
    assertThatThrownBy(() -> parse(EMPTY, "--config", "no-such-file"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("config=no-such-file");
  }

  @Test
  void shouldConvertTheEnvironmentAsItConvertsOptions() {
    assertThatThrownBy(() -> parse(Map.of("DIMEE_PORT", "many")))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--port")
        .hasMessageContaining("many");
  }

  @Test
  void shouldTakeTheEndOfALineForNoneOfTheValues() throws IOException {
    assertThat(
            parse(Map.of("DIMEE_BOOTSTRAP_SERVERS", "127.0.0.1:30500\n"))
                .kafka
                .settings()
                .bootstrapServers())
        .isEqualTo("127.0.0.1:30500");
    assertThat(parse(Map.of("DIMEE_PORT", " 3\r\n")).port).isEqualTo(3);
    assertThat(parse(Map.of("DIMEE_CONFIG", file("port=4 ") + "\n")).port).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://10.96.0.11:80", "udp://10.96.0.11:53"})
  void shouldPassOverWhatKubernetesSaysOfAServiceOfTheSameName(String link) throws IOException {
    Map<String, String> environment = Map.of("DIMEE_PORT", link);

    assertThat(parse(environment).port).isEqualTo(9092);
    assertThat(parse(environment, "--config", file("port=3")).port).isEqualTo(3);
  }

  @Test
  void shouldKeepTheSemicolonThatEndsALoginModule() {
    // Given
    String login = "org.apache.kafka.common.security.plain.PlainLoginModule required user=\"a\";";

    // When
    Sub sub =
        parse(
            EMPTY,
            "--kafka-property",
            "sasl.jaas.config=" + login,
            "--kafka-property",
            "security.protocol=SASL_PLAINTEXT");

    // Then
    assertThat(sub.kafka.settings().overrides())
        .containsEntry("sasl.jaas.config", login)
        .containsEntry("security.protocol", "SASL_PLAINTEXT");
  }

  @Test
  void shouldReadSeveralClientPropertiesFromTheEnvironmentAndTheFile() throws IOException {
    Map<String, String> expected = Map.of("client.id", "a;b", "retries", "7");

    assertThat(
            parse(Map.of("DIMEE_KAFKA_PROPERTY", "client.id=a;b\nretries=7"))
                .kafka
                .settings()
                .overrides())
        .isEqualTo(expected);
    assertThat(
            parse(EMPTY, "--config", file("kafka-property=client.id=a;b\\nretries=7"))
                .kafka
                .settings()
                .overrides())
        .isEqualTo(expected);
  }
}
