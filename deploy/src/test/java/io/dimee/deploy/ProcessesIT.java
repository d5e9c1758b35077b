package io.dimee.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dimee.broker.FreePort;
import io.dimee.deploy.guarantee.Guarantee;
import io.dimee.deploy.guarantee.Observed;
import io.dimee.serdes.SingleObjectFormats;
import io.dimee.testing.SharedCache;
import io.dimee.topology.cluster.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline as separate processes, as it runs in production. */
class ProcessesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int EVENTS = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Of strace; a socket of the file system, as the C library looks for a cache of names, is one.
   */
  private static final Pattern LOCAL =
      Pattern.compile("127\\.0\\.0\\.1|\"::1\"|sa_family=AF_UNIX|sa_family=AF_UNSPEC|resumed");

  @TempDir Path directory;

  private JavaProcess start(String name, String... args) throws IOException {
    return JavaProcess.start(directory, name, args);
  }

  private static void awaitOutput(JavaProcess process, String text) {
    process.awaitOutput(text, PATIENCE);
  }

  private String[] tier(String tier, String bootstrap) {
    return new String[] {
      tier,
      "--bootstrap-servers",
      bootstrap,
      "--bundle",
      "../testing/bundles/tiny",
      "--cache-dir",
      SharedCache.FOLDER.toString(),
      "--threads",
      "1",
      "--kafka-property",
      "session.timeout.ms=6000"
    };
  }

  @Test
  void shouldAnswerEveryEventOnceThoughAnEdgeWorkerIsKilled() throws Exception {
    // Given a broker, a mobile tier, two edges that share the cache with it, and a cloud tier
    String port = Integer.toString(FreePort.find());
    String bootstrap = "127.0.0.1:" + port;
    Path events = directory.resolve("events.txt");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      lines.add("take %d of a film that is not quite as good as it wants to be".formatted(i));
    }
    Files.write(events, lines);
    try (JavaProcess broker =
        start("broker", "broker", "--port", port, "--data", directory.resolve("data").toString())) {
      awaitOutput(broker, "broker ready");
      try (JavaProcess mobile = start("mobile", tier("mobile", bootstrap));
          JavaProcess edge = start("edge", tier("edge", bootstrap));
          JavaProcess otherEdge = start("edge-2", tier("edge", bootstrap));
          JavaProcess cloud = start("cloud", tier("cloud", bootstrap))) {
        awaitOutput(mobile, "mobile tier ready");
        awaitOutput(edge, "edge tier ready");
        awaitOutput(otherEdge, "edge tier ready");
        awaitOutput(cloud, "cloud tier ready");

        // When events are sent steadily and one edge is killed meanwhile
        try (JavaProcess produce =
                start(
                    "produce",
                    "produce",
                    "--bootstrap-servers",
                    bootstrap,
                    "--input",
                    events.toString(),
                    "--rate",
                    "60");
            JavaProcess follow =
                start(
                    "predictions",
                    "predictions",
                    "--bootstrap-servers",
                    bootstrap,
                    "--follow",
                    "--json",
                    "--limit",
                    Integer.toString(EVENTS))) {
          awaitOutput(follow, "\"id\"");
          otherEdge.kill();
          assertThat(produce.waitFor(PATIENCE.toSeconds())).isZero();

          // Then each event has one prediction
          assertThat(follow.waitFor(PATIENCE.toSeconds())).isZero();
          List<String> ids = new ArrayList<>();
          for (String line : follow.output().lines().toList()) {
            JsonNode prediction = JSON.readTree(line);
            ids.add(prediction.get("id").asText());
          }
          assertThat(ids).hasSize(EVENTS).doesNotHaveDuplicates();
        }

        // and every promise holds for a reader of the topics
        assertThat(
                Guarantee.allViolations(
                    Observed.read(
                        bootstrap, new Topics(Topics.DEFAULT_PREFIX), new SingleObjectFormats())))
            .isEmpty();

        // and they can be priced again from the topic: what was paid is what is computed
        Path replay = directory.resolve("replay.json");
        try (JavaProcess evaluate =
            start(
                "evaluate",
                "evaluate",
                "--bootstrap-servers",
                bootstrap,
                "--bundles",
                "../testing/bundles",
                "--json",
                replay.toString())) {
          assertThat(evaluate.waitFor(PATIENCE.toSeconds())).isZero();
        }
        JsonNode result = JSON.readTree(replay.toFile());
        assertThat(result.get("replayed").asInt()).isEqualTo(EVENTS);
        assertThat(result.get("cost_after").asDouble())
            .isPositive()
            .isCloseTo(result.get("cost_before").asDouble(), within(1e-9));

        // and no temporary file is left of the edge that was killed: each of the others has a
        // folder, beside the empty ones that ONNX Runtime makes and does not use
        assertThat(directory.resolve("tmp").toFile().listFiles())
            .filteredOn(folder -> !(folder.isDirectory() && folder.list().length == 0))
            .hasSize(4)
            .allMatch(folder -> folder.getName().startsWith("dimee-process-"));

        // and a tier that is asked to end does so
        cloud.terminate();
        cloud.waitFor(30);
        assertThat(cloud.output()).doesNotContain("Exception");

        // and those that run say it when no broker answers any more, and when one does again
        broker.freeze();
        awaitOutput(mobile, "dimee: no broker of " + bootstrap + " has answered for ");
        awaitOutput(edge, "dimee: no broker of " + bootstrap + " has answered for ");
        broker.thaw();
        awaitOutput(mobile, "dimee: a broker answers");
        awaitOutput(edge, "dimee: a broker answers");
      }
      broker.terminate();
      broker.waitFor(30);
    }
  }

  @Test
  void shouldEndCleanlyWhenInterruptedInTheMiddle(TestReporter reporter) throws Exception {
    // Given a run that would take minutes
    Path output = directory.resolve("p.jsonl");
    Path connections = directory.resolve("connections");
    try (JavaProcess run =
        run(
            connections,
            "run",
            "--bundle",
            "../testing/bundles/tiny",
            "--cache-dir",
            SharedCache.FOLDER.toString(),
            "--rate",
            "0.5",
            "--output",
            output.toString())) {
      await()
          .atMost(PATIENCE)
          .until(() -> Files.exists(output) && Files.readString(output).contains("\"id\""));

      // When
      run.terminate();

      // Then it says how far it came, and what it wrote is whole
      assertThat(run.waitFor(40)).isNotZero();
      assertThat(run.output()).contains("interrupted with").doesNotContain("Exception");
      for (String line : Files.readAllLines(output)) {
        assertThat(JSON.readTree(line).hasNonNull("id")).isTrue();
      }

      // and nothing of it stays in the folder for temporary files
      assertThat(directory.resolve("tmp")).isEmptyDirectory();
    }

    // and it has connected to nobody but its own broker
    if (hasStrace()) {
      assertThat(connections)
          .content()
          .contains("127.0.0.1")
          .satisfies(
              lines ->
                  assertThat(lines.lines())
                      .allMatch(line -> LOCAL.matcher(line).find(), "connects to this machine"));
    } else {
      reporter.publishEntry("no strace on this machine: who a process connects to is not checked");
    }
  }

  private JavaProcess run(Path connections, String... args)
      throws IOException, InterruptedException {
    return hasStrace()
        ? JavaProcess.startWatched(directory, "run", connections, args)
        : start("run", args);
  }

  private static boolean hasStrace() throws InterruptedException {
    try {
      return new ProcessBuilder("strace", "--seccomp-bpf", "-f", "-qq", "-o", "/dev/null", "true")
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void shouldSayInOneLineThatThePortIsTaken() throws Exception {
    // Given
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        JavaProcess broker =
            start(
                "broker",
                "broker",
                "--port",
                Integer.toString(taken.getLocalPort()),
                "--data",
                directory.resolve("data").toString())) {
      // Then
      assertThat(broker.waitFor(60)).isEqualTo(2);
      assertThat(broker.output().lines()).hasSize(1);
      assertThat(broker.output())
          .contains("port=" + taken.getLocalPort())
          .doesNotContain("Exception");
    }
  }
}
