package io.dimee.k8s.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dimee.broker.FreePort;
import io.dimee.cli.Dimee;
import io.dimee.k8s.manifests.WebHosts;
import io.dimee.k8s.manifests.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

class ComposeTest {
  private static final Path FOLDER = Path.of("../deploy");
  private static final Path SCHEMA = Path.of("src/test/resources/compose-spec/compose-spec.json");

  private final Yaml yaml = new Yaml();
  private ObjectNode compose;

  @BeforeEach
  void read() {
    compose = yaml.readMerged(FOLDER.resolve("compose.yaml"));
  }

  private static Stream<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
  }

  /** Services that run this project's image, by name. */
  private Map<String, JsonNode> own() {
    return compose.path("services").properties().stream()
        .filter(service -> service.getValue().path("image").asText().startsWith("dimee:"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Those that run until they are stopped, and serve. */
  private Map<String, JsonNode> servers() {
    Map<String, JsonNode> servers = own();
    servers.remove("schemas");
    return servers;
  }

  /** A service's command and variables, in the real command line. */
  private static ParseResult parsed(JsonNode service) {
    Map<String, String> environment =
        service.path("environment").properties().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().asText()));
    return new Dimee(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), environment)
        .parse(texts(service.path("command")).toArray(String[]::new));
  }

  private static Object option(JsonNode service, String name) {
    ParseResult command = parsed(service).subcommand();
    while (command.hasSubcommand()) {
      command = command.subcommand();
    }
    return command.commandSpec().findOption(name).getValue();
  }

  private static long bytes(String size) {
    long number = Long.parseLong(size.substring(0, size.length() - 1));
    return switch (size.charAt(size.length() - 1)) {
      case 'm' -> number << 20;
      case 'g' -> number << 30;
      default -> throw new IllegalArgumentException(size);
    };
  }

  private List<String> problems(JsonNode document) throws IOException {
    JsonNode schema = new ObjectMapper().readTree(SCHEMA.toFile());
    // an older draft's word for $id, which the draft that the schema names refuses
    withoutIds(schema);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
        .getSchema(schema)
        .validate(document)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private static void withoutIds(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("id").isTextual()) {
      object.remove("id");
    }
    node.forEach(ComposeTest::withoutIds);
  }

  @Test
  void shouldBeWhatTheComposeSpecificationAllows() throws IOException {
    assertThat(problems(compose)).isEmpty();
  }

  @Test
  void shouldSeeAWordThatTheSpecificationDoesNotKnow() throws IOException {
    ((ObjectNode) compose.at("/services/edge")).put("readonly", true);

    assertThat(problems(compose)).isNotEmpty();
  }

  @Test
  void shouldGiveArgumentsThatTheRealCommandLineKnows() {
    assertThat(own()).hasSize(6);
    assertThat(own())
        .allSatisfy((name, service) -> assertThat(parsed(service).subcommand()).isNotNull());
  }

  @Test
  void shouldSetNoVariableThatIsNoOptionOfAnyService() {
    Set<String> known =
        own().values().stream()
            .map(service -> parsed(service).subcommand())
            .flatMap(command -> Stream.of(command.subcommand(), command).filter(Objects::nonNull))
            .flatMap(command -> command.commandSpec().options().stream())
            .map(option -> option.longestName().substring(2))
            .map(name -> "DIMEE_" + name.toUpperCase(Locale.ROOT).replace('-', '_'))
            .collect(Collectors.toSet());

    assertThat(own())
        .allSatisfy(
            (name, service) ->
                assertThat(service.path("environment").properties())
                    .isNotEmpty()
                    .extracting(Map.Entry::getKey)
                    .isSubsetOf(known));
  }

  @Test
  void shouldRunItsOwnAsNobodyWithNothing() {
    assertThat(own())
        .allSatisfy(
            (name, service) -> {
              assertThat(service.path("read_only").asBoolean()).isTrue();
              assertThat(texts(service.path("cap_drop"))).containsExactly("ALL");
              assertThat(texts(service.path("tmpfs")))
                  .anyMatch(mount -> mount.startsWith("/tmp:exec"));
            });
  }

  @Test
  void shouldBeReachableFromThisMachineAlone() {
    List<String> ports = new ArrayList<>();
    compose.path("services").forEach(service -> texts(service.path("ports")).forEach(ports::add));

    assertThat(ports).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
  }

  @Test
  void shouldFitInItsMemoryWhatItKeepsInMemory() {
    assertThat(servers())
        .allSatisfy(
            (name, service) -> {
              long limit = bytes(service.at("/deploy/resources/limits/memory").asText());
              long files =
                  texts(service.path("tmpfs"))
                      .mapToLong(mount -> bytes(mount.replaceAll(".*size=(\\w+).*", "$1")))
                      .sum();
              assertThat(files).isPositive().isLessThanOrEqualTo(limit / 2);
            });
  }

  @Test
  void shouldKeepTheRecordsOfKafkaInItsVolume() {
    JsonNode kafka = compose.at("/services/kafka");

    assertThat(texts(kafka.path("volumes")))
        .containsExactly("kafka:" + kafka.at("/environment/KAFKA_LOG_DIRS").asText());
    assertThat(compose.path("volumes").has("kafka")).isTrue();
  }

  @Test
  void shouldKeepTheSchemasWhereTheRecordsAre() {
    JsonNode registry = compose.at("/services/registry/environment");

    assertThat(registry.path("APICURIO_STORAGE_KIND").asText()).isEqualTo("kafkasql");
    assertThat(own())
        .allSatisfy(
            (name, service) ->
                assertThat(registry.path("APICURIO_KAFKASQL_BOOTSTRAP_SERVERS").asText())
                    .isEqualTo(option(service, "--bootstrap-servers")));
  }

  @Test
  void shouldScrapeEveryContainerOfEveryServiceThatServes() {
    JsonNode job =
        yaml.read(FOLDER.resolve("compose/prometheus.yaml")).get(0).at("/scrape_configs/0");
    JsonNode discovery = job.at("/dns_sd_configs/0");

    assertThat(job.path("static_configs").isMissingNode()).isTrue();
    assertThat(job.path("dns_sd_configs")).hasSize(1);
    assertThat(discovery.path("type").asText()).isEqualTo("A");
    assertThat(texts(discovery.path("names")))
        .hasSize(5)
        .containsExactlyInAnyOrderElementsOf(servers().keySet());
    assertThat(servers())
        .allSatisfy(
            (name, service) -> {
              assertThat(option(service, "--http-port")).isEqualTo(discovery.path("port").asInt());
              assertThat(option(service, "--http-host")).isEqualTo("0.0.0.0");
            });
  }

  @Test
  void shouldAnswerWhoeverAsksByAnAddressAsPrometheusDoesOrByTheServicesName() {
    assertThat(servers())
        .hasSize(5)
        .allSatisfy(
            (name, service) -> {
              try (WebHosts server = WebHosts.of(parsed(service))) {
                assertThat(server.takes("172.18.0.5:8082")).isTrue();
                assertThat(server.takes(name + ":8082")).isTrue();
                assertThat(server.takes("localhost:8080")).isTrue();
                assertThat(server.takes("elsewhere.example:8082")).isFalse();
              }
            });
  }

  /** Runs a service's check against another port of this machine; returns its exit code. */
  private static int check(JsonNode service, int port) throws IOException, InterruptedException {
    List<String> test = texts(service.at("/healthcheck/test")).toList();
    assertThat(test.get(0)).isEqualTo("CMD");
    assertThat(test.get(3)).contains("/dev/tcp/127.0.0.1/8082");
    return new ProcessBuilder(
            test.get(1), test.get(2), test.get(3).replace("$$", "$").replace("/8082", "/" + port))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void shouldFindAServiceHealthyWhileItIsReadyAlone() throws Exception {
    assumeThat(Path.of("/bin/bash")).exists();
    for (JsonNode service : servers().values()) {
      try (WebHosts ready = WebHosts.thatIs(true);
          WebHosts busy = WebHosts.thatIs(false)) {
        assertThat(check(service, ready.port())).isZero();
        assertThat(check(service, busy.port())).isPositive();
      }
      assertThat(check(service, FreePort.find())).isPositive();
    }
  }

  @Test
  void shouldCheckEveryServiceThatStays() {
    assertThat(compose.path("services").properties())
        .filteredOn(service -> !service.getKey().equals("schemas"))
        .hasSize(9)
        .allMatch(service -> service.getValue().path("healthcheck").has("test"));
  }

  @Test
  void shouldMountFilesThatAreThere() {
    for (JsonNode service : compose.path("services")) {
      assertThat(texts(service.path("volumes")).filter(volume -> volume.startsWith(".")))
          .allMatch(volume -> Files.exists(FOLDER.resolve(volume.split(":", 2)[0])));
    }
  }
}
