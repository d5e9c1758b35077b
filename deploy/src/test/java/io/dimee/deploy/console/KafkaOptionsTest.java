package io.dimee.deploy.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dimee.deploy.broker.FreePort;
import io.dimee.deploy.pipeline.StubBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class KafkaOptionsTest {
  @Test
  void shouldFailWhereNoBrokerAnswersACommandThatEnds() {
    String server = "127.0.0.1:" + FreePort.find();

    assertThatThrownBy(() -> options(server).answering())
        .isInstanceOf(KafkaException.class)
        .hasMessage("no broker answers at %s (connection refused)".formatted(server));
  }

  @Test
  void shouldSayOnceThatAServiceWaitsAndGoOnWhenABrokerComes() throws Exception {
    // Given a service that is started before its broker, which comes when the service has said so
    int port = FreePort.find();
    StringWriter said = new StringWriter();
    PrintWriter err =
        new PrintWriter(said, true) {
          @Override
          public PrintWriter printf(String format, Object... arguments) {
            startBroker(port);
            return super.printf(format, arguments);
          }
        };

    // When
    boolean isThere;
    try (Interrupt interrupt = Interrupt.install()) {
      isThere = options("127.0.0.1:" + port).awaitBroker(interrupt, err);
    }

    // Then
    assertThat(isThere).isTrue();
    assertThat(said.toString().lines())
        .containsExactly(
            "dimee: no broker answers at 127.0.0.1:%d (connection refused); retrying"
                .formatted(port),
            "dimee: a broker answers");
  }

  private static void startBroker(int port) {
    try {
      ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      new Thread(
              () -> {
                try (server) {
                  StubBroker.answer(server);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KafkaOptions options(String server) {
    KafkaOptions options = new KafkaOptions();
    new CommandLine(CommandSpec.create().addMixin("kafka", CommandSpec.forAnnotatedObject(options)))
        .parseArgs("--bootstrap-servers", server);
    return options;
  }
}
