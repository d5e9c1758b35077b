package io.dimee.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.inference.bundle.Bundle;
import io.dimee.testing.SharedCache;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class DimeeTest {
  private static final String BUNDLE = "../models/bundles/sst2";

  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Map<String, String> environment;

  @BeforeEach
  void clear() {
    environment = Map.of();
  }

  private int run(String... args) {
    return new Dimee(new PrintWriter(out, true), new PrintWriter(err, true), environment).run(args);
  }

  private void assertWrongUse(int code, String... parts) {
    assertThat(code).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("dimee: ").contains(parts).doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "broker",
        "mobile",
        "edge",
        "cloud",
        "produce",
        "predictions",
        "dead-letters",
        "train",
        "calibrate",
        "evaluate",
        "bench"
      })
  void shouldExplainEveryCommandWithAnExample(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).contains("Example", "dimee " + command, "--config");
  }

  @ParameterizedTest
  @CsvSource({
    "dance, dance",
    "run --frobnicate, --frobnicate",
    "run --policy round-robin, policy=round-robin",
    "run --policy round-robin, cloud-only",
    "run --hidden-codec fp8, hidden-codec=fp8",
    "run --delivery perhaps, delivery=perhaps",
    "run --threads 0, threads=0",
    "run --limit 0, limit=0",
    "run --rate -1, rate=-1",
    "run --limit many, many",
    "run --format xml, xml",
    "run --input /, input=/ is a directory",
    "run --input pom.xml --format csv, input=pom.xml: the header is not CSV",
    "produce --input pom.xml --format csv, input=pom.xml: the header is not CSV",
    "produce --input pom.xml --id-prefix=, id-prefix=",
    "run --output /, output=/ is a directory",
    "run --summary /nowhere/at/all.json, summary=/nowhere/at/all.json",
    "run --output x.jsonl --summary ./x.jsonl, are the same file",
    "run --input pom.xml --output ../deploy/pom.xml, are the same file",
    "train --data ../models --task bundles --output / --work y, valid",
    "edge --kafka-property producer.acks=0, producer.acks",
    "edge --kafka-property main.consumer.isolation.level=read_uncommitted, isolation.level",
    "run --input /nowhere/at/all.txt, /nowhere/at/all.txt",
    "run --output /nowhere/at/all.jsonl, /nowhere/at/all.jsonl",
    "run --prices /nowhere/prices.json, prices=/nowhere/prices.json",
    "broker, --data",
    "edge --kafka-property group.id=mine, group.id",
    "edge --topic-prefix a/b, topic-prefix=a/b",
    "edge --bootstrap-servers nonsense, nonsense",
    "edge --partitions 0, partitions=0",
    "produce --wait soon, 'wait=soon is not a duration; valid: 30s'",
    "predictions --limit 0, limit=0",
    "dead-letters, 'missing subcommand: list, show or replay'",
    "dead-letters list --where colour=red, valid keys: id",
    "dead-letters list --where reason=sadness, reason=sadness",
    "dead-letters replay --where stage=attic, stage=attic",
    "dead-letters show, PARTITION@OFFSET",
    "calibrate --data /nowhere --bundle ../models/bundles/sst2, data=/nowhere",
    "calibrate --data ../models --bundle nothing, bundle=nothing",
    "calibrate --data ../models --bundle ../models/bundles/sst2 --max-drop -1, max-drop=-1",
    "calibrate --data ../models --bundle ../models/bundles/sst2 --confidence 1, confidence=1",
    "calibrate --data ../models --bundle ../models/bundles/sst2 --precision int4, precision=int4",
    "train --data ../models --task SST-2 --output x --work y --backbone gpt, backbone=gpt",
    "train --data /nowhere --check, data=/nowhere does not exist",
    "train --data ../models --check, has no file train.*",
    "train --data pom.xml --check, valid: --format csv",
    "train --data pom.xml --format csv --label-pattern ( --check, label-pattern=( is not a regular expression",
    "train --data pom.xml --min-per-class 2 --check, min-per-class=2",
    "evaluate --data pom.xml --bundle ../models/bundles/sst2, valid: --format csv",
    "bench --events 0, events=0",
    "bench --seconds 0, seconds=0",
    "bench --only everything, everything",
    "bench --bundle ../models/bundles/sst2 --input /nowhere/at/all.txt, /nowhere/at/all.txt",
    "evaluate, exactly one of --data",
    "evaluate --data x --replay y, exactly one of --data",
    "evaluate --data /nowhere --bundles ../models/bundles, data=/nowhere",
    "mobile --bundle ../models/bundles/sst2 --spill-after 0, spill-after=0 must be 1 or more",
    "schemas, missing subcommand: register or check",
    "schemas check, schema-registry-url is missing",
    "schemas check --schema-registry-url ftp://x, schema.registry.url=ftp://x",
    "schemas check --schema-registry-property a=b, schema-registry-property a",
    "predictions --kafka-config /nowhere, kafka-config=/nowhere",
    "predictions --kafka-property secret, --kafka-property takes KEY=VALUE",
    "acls sky=User:x, part=sky is not known",
    "broker --data /tmp/none --broker-property node.id=2, broker-property node.id",
    "evaluate --data x --task chess, task=chess",
    "evaluate --data x --bundles ../avro, bundles=../avro",
    "evaluate --data x --report pom.xml, report=pom.xml is a file",
    "evaluate --data x --json y, --report",
    "evaluate --replay /nowhere, replay=/nowhere is not a file",
    "train --data ../models --task SST-2 --seeds 0 --output x --work y, seeds=0",
    "train --data ../models --task SNLI --output x --work y, task=SNLI",
    "train --data /nowhere --output x --work y, data=/nowhere",
    "train --data /nowhere --output x --work y --task chess, chess"
  })
  void shouldRefuseWrongUseInOneLine(String line, String expected) {
    List<String> args = new ArrayList<>(List.of(line.split(" ")));
    if (args.get(0).equals("run") || args.get(0).equals("edge")) {
      args.addAll(List.of("--bundle", BUNDLE));
    }
    assertWrongUse(run(args.toArray(String[]::new)), expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-bundle", "../../etc/passwd", "../models", ""})
  void shouldRefuseAnUnknownBundle(String bundle) {
    assertWrongUse(run("run", "--bundle", bundle), "bundle");
  }

  @Test
  void shouldRefuseADamagedBundle() throws Exception {
    // Given
    for (String name : List.of("manifest.json", "adapter.safetensors", "pools.safetensors")) {
      Files.copy(Path.of(BUNDLE, name), directory.resolve(name));
    }
    Files.writeString(directory.resolve("pools.safetensors"), "damaged");

    // Then
    assertWrongUse(run("run", "--bundle", directory.toString()), "pools.safetensors has the hash");
  }

  @Test
  void shouldRefuseABundleOfAnotherBackboneBeforeAnythingStarts() throws Exception {
    // Given
    for (String name : List.of(Bundle.ADAPTER, Bundle.POOLS, Bundle.ROUTER)) {
      Files.copy(Path.of("../testing/bundles/tiny", name), directory.resolve(name));
    }
    String manifest = Files.readString(Path.of("../testing/bundles/tiny", "manifest.json"));
    Files.writeString(
        directory.resolve("manifest.json"), manifest.replaceFirst("e7a77451e0e1", "000000000000"));

    // Then
    assertWrongUse(
        run("run", "--bundle", directory.toString(), "--cache-dir", SharedCache.FOLDER.toString()),
        "backbone.sha256=000000000000",
        "does not match");
  }

  @Test
  void shouldNameTheLineThatIsNoPrediction() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("p.jsonl"), "\n{\"model_id\":\"sst2@1\"}\n");

    // When
    int code = run("evaluate", "--replay", file.toString(), "--bundles", "../models/bundles");

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("p.jsonl line 2 is not a prediction: it has no hops");
  }

  @Test
  void shouldEvaluateWhatTheCommandLineNamesRatherThanTheEnvironment() throws Exception {
    // Given
    Path file = Files.writeString(directory.resolve("p.jsonl"), "nothing");
    environment = Map.of("DIMEE_DATA", directory.toString());

    // When
    int code = run("evaluate", "--replay", file.toString());

    // Then
    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("p.jsonl line 1 is not a JSON object");
  }

  @Test
  void shouldFailInOneLineWhenTheCacheCannotBeWritten() throws Exception {
    // Given a file where the cache's folder should be
    Path file = Files.writeString(directory.resolve("file"), "");

    // When
    int code = run("run", "--bundle", BUNDLE, "--cache-dir", file.resolve("cache").toString());

    // Then
    assertThat(code).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).contains("cannot write", "cache-dir");
  }

  @Test
  void shouldPreferOptionsToEnvironmentToFile() throws Exception {
    // Given values that are all wrong, so that the message tells which was taken
    Path config = Files.writeString(directory.resolve("c.properties"), "policy=from-file\n");
    String[] fromFile = {"run", "--bundle", BUNDLE, "--config", config.toString()};

    // Then the file is better than the default
    assertWrongUse(run(fromFile), "policy=from-file");

    // and the environment is better than the file
    environment = Map.of("DIMEE_POLICY", "from-environment");
    err.getBuffer().setLength(0);
    assertWrongUse(run(fromFile), "policy=from-environment");

    // and the option is better than the environment
    err.getBuffer().setLength(0);
    assertWrongUse(run("run", "--bundle", BUNDLE, "--policy", "from-option"), "policy=from-option");
  }

  @ParameterizedTest
  @CsvSource({
    "run, policy, round-robin",
    "run, format, xml",
    "run, threads, 0",
    "run, limit, many",
    "run, rate, -1",
    "run, input, /",
    "run, prices, /nowhere/prices.json",
    "run, hidden-codec, fp8",
    "run, bundle, no-such-bundle",
    "broker, port, many",
    "broker, broker-property, node.id=2",
    "edge, bootstrap-servers, nonsense",
    "edge, topic-prefix, a/b",
    "edge, kafka-property, producer.acks=0",
    "edge, kafka-property, secret",
    "edge, kafka-config, /nowhere",
    "edge, partitions, 0",
    "run, delivery, perhaps",
    "mobile, spill-after, 0",
    "produce, wait, soon",
    "predictions, follow, perhaps",
    "query, since, soon",
    "schemas check, schema-registry-url, ftp://x",
    "ledger, advertise, here",
    "ledger, http-port, 0",
    "ledger, overdue, 0s",
    "ledger, overdue, soon",
    "dead-letters list, where, colour=red",
    "dead-letters list, where, reason=sadness",
    "evaluate, replay, /nowhere",
    "calibrate, precision, int4"
  })
  void shouldNameTheVariableOrTheKeyOfTheFileThatIsWrong(String command, String key, String value)
      throws Exception {
    // Given what a command lacks on its command line
    List<String> args = new ArrayList<>(List.of(command.split(" ")));
    if (command.equals("broker")) {
      args.addAll(List.of("--data", directory.resolve("data").toString()));
    } else if (command.equals("query")) {
      args.add("FROM predictions");
    } else if (command.equals("calibrate")) {
      args.addAll(List.of("--data", "../models", "--bundle", BUNDLE));
    } else if (List.of("run", "edge", "mobile").contains(command) && !key.equals("bundle")) {
      args.addAll(List.of("--bundle", BUNDLE));
    }
    String variable = "DIMEE_" + key.toUpperCase(Locale.ROOT).replace('-', '_');

    // Then the environment is named, and a line's end in it is none of the value's
    environment = Map.of(variable, value + "\n");
    assertWrongUse(run(args.toArray(String[]::new)), "(from %s)\n".formatted(variable));

    // and so is the file
    Path config = Files.writeString(directory.resolve("c.properties"), key + "=" + value + "\n");
    environment = Map.of();
    err.getBuffer().setLength(0);
    args.addAll(List.of("--config", config.toString()));
    assertWrongUse(run(args.toArray(String[]::new)), "(from %s in %s)\n".formatted(key, config));
  }

  @Test
  void shouldNameNoVariableWhenTheCommandLineIsWrong() {
    environment = Map.of("DIMEE_PORT", "9092", "DIMEE_DATA", directory.toString());

    assertWrongUse(run("broker", "--port", "70000"), "port=70000 is not a port");
    assertThat(err.toString()).doesNotContain("DIMEE_");
  }

  @Test
  void shouldRefuseAConfigurationFileThatIsMissingOrHasUnknownKeys() throws Exception {
    assertWrongUse(run("run", "--config", "/nowhere.properties"), "config=/nowhere.properties");

    Path config = Files.writeString(directory.resolve("c.properties"), "polcy=cascade\n");
    err.getBuffer().setLength(0);
    assertWrongUse(run("run", "--config", config.toString()), "key polcy", "policy");
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge", "produce", "run", "dashboard"})
  void shouldNameTheVariableOfTracingThatIsWrong(String command) {
    // Given
    environment =
        Map.of(
            "OTEL_TRACES_EXPORTER",
            "otlp",
            "OTEL_TRACES_SAMPLER",
            "sometimes",
            "DIMEE_BUNDLE",
            BUNDLE);

    // Then no broker is asked first
    assertWrongUse(run(command), "tracing: ", "otel.traces.sampler", "sometimes");
  }
}
