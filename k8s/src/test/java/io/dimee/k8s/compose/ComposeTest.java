package io.dimee.k8s.compose;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dimee.deploy.cli.Dimee;
import io.dimee.k8s.manifests.Yaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ComposeTest {
  private static final Path FOLDER = Path.of("../deploy");
  private static final Path SCHEMA = Path.of("src/test/resources/compose-spec/compose-spec.json");

  private final Yaml yaml = new Yaml();
  private ObjectNode compose;

  @BeforeEach
  void read() {
    compose = yaml.read(FOLDER.resolve("compose.yaml")).get(0);
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
    Dimee dimee =
        new Dimee(
            new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), Map.of());

    assertThat(own()).hasSize(6);
    assertThat(own())
        .allSatisfy(
            (name, service) ->
                assertThat(
                        dimee
                            .parse(texts(service.path("command")).toArray(String[]::new))
                            .subcommand())
                    .isNotNull());
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
  void shouldScrapeEveryServiceThatServes() {
    String prometheus = yaml.read(FOLDER.resolve("compose/prometheus.yaml")).toString();

    assertThat(own().keySet())
        .filteredOn(name -> !name.equals("schemas"))
        .hasSize(5)
        .allMatch(name -> prometheus.contains("\"" + name + ":8082\""));
  }

  @Test
  void shouldMountFilesThatAreThere() {
    for (JsonNode service : compose.path("services")) {
      assertThat(texts(service.path("volumes")).filter(volume -> volume.startsWith(".")))
          .allMatch(volume -> Files.exists(FOLDER.resolve(volume.split(":", 2)[0])));
    }
  }
}
