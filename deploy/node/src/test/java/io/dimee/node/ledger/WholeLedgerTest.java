package io.dimee.node.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dimee.avro.LedgerEntry;
import io.dimee.avro.Pool;
import io.dimee.avro.Tier;
import io.dimee.topology.ledger.LedgerParts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two instances of a ledger of two parts, one of which moves while they are asked. */
class WholeLedgerTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final HostInfo OWN = new HostInfo("127.0.0.1", 1);

  private HttpServer other;
  private Map<Integer, List<LedgerEntry>> there;

  @BeforeEach
  void start() throws IOException {
    other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/ledger/parts",
        exchange -> {
          byte[] answer =
              new LedgerJson().writeParts(there).toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    other.start();
  }

  @AfterEach
  void stop() {
    other.stop(0);
  }

  private WholeLedger ledger(Map<Integer, List<LedgerEntry>> here) {
    return new WholeLedger(
        new LedgerParts() {
          @Override
          public int count() {
            return 2;
          }

          @Override
          public boolean isReady() {
            return true;
          }

          @Override
          public Set<HostInfo> hosts() {
            return Set.of(OWN, new HostInfo("127.0.0.1", other.getAddress().getPort()));
          }

          @Override
          public Map<Integer, List<LedgerEntry>> entries(Instant from, Instant to) {
            return here;
          }
        },
        OWN);
  }

  private static List<LedgerEntry> entry(Tier tier, long count) {
    return List.of(
        LedgerEntry.newBuilder()
            .setWindowStart(BEGIN)
            .setWindowEnd(BEGIN.plusSeconds(60))
            .setTier(tier)
            .setPool(Pool.EASY)
            .setPolicy("cascade")
            .setModelId("sst2@a")
            .setCount(count)
            .setSpilled(0)
            .setCost((double) count)
            .setCloudOnlyCost(17d * count)
            .setBytesOffloaded(0)
            .setLayersRun(3 * count)
            .setConfidences(List.of(count))
            .setExits(List.of())
            .build());
  }

  private static long counted(WholeLedger ledger) throws Exception {
    return ledger.entries(BEGIN, BEGIN.plusSeconds(60)).stream()
        .mapToLong(LedgerEntry::getCount)
        .sum();
  }

  @Test
  void shouldAddUpThePartsOfBoth() throws Exception {
    there = Map.of(1, entry(Tier.CLOUD, 7));

    assertThat(counted(ledger(Map.of(0, entry(Tier.EDGE, 3))))).isEqualTo(10);
  }

  /** It has left when the other is asked, and has gone on there. */
  @Test
  void shouldCountAPartOnceForWhichBothAnswer() throws Exception {
    there = Map.of(1, entry(Tier.CLOUD, 7));

    assertThat(counted(ledger(Map.of(0, entry(Tier.EDGE, 3), 1, entry(Tier.CLOUD, 5)))))
        .isEqualTo(10);
  }

  /** The other one has slept, and does not know yet that the part is gone. */
  @Test
  void shouldTakeTheNewerOfTwoAnswers() throws Exception {
    there = Map.of(1, entry(Tier.CLOUD, 5));

    assertThat(counted(ledger(Map.of(0, entry(Tier.EDGE, 3), 1, entry(Tier.CLOUD, 7)))))
        .isEqualTo(10);
  }

  /** It has come when the other is asked. */
  @Test
  void shouldNotAnswerWithoutAPartForWhichNeitherAnswers() {
    there = Map.of();

    assertThatThrownBy(() -> counted(ledger(Map.of(0, entry(Tier.EDGE, 3)))))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("of 2 parts only [0] are known");
  }
}
