package io.dimee.topology.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {
  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static Headers headers(String traceparent, String tracestate) {
    return new RecordHeaders()
        .add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8))
        .add("tracestate", tracestate.getBytes(StandardCharsets.UTF_8));
  }

  private static SpanContext read(Headers headers) {
    return Span.fromContext(TraceHeaders.extract(headers)).getSpanContext();
  }

  private static Headers passedOn(Headers headers) {
    Headers next = new RecordHeaders();
    TraceHeaders.inject(Span.fromContext(TraceHeaders.extract(headers)), next);
    return next;
  }

  private static String text(Headers headers, String key) {
    return new String(headers.lastHeader(key).value(), StandardCharsets.US_ASCII);
  }

  /** Members of nine bytes, with commas between. */
  private static String state(int members) {
    return IntStream.range(0, members)
        .mapToObj("k%02d=12345"::formatted)
        .collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @ValueSource(strings = {PARENT, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"})
  void shouldPassAContextOnAsItIs(String parent) {
    // Given one among headers of somebody's own
    Headers headers = headers(parent, "vendor=value,other=1").add("own", new byte[1_000]);

    // When
    Headers next = passedOn(headers);

    // Then
    assertThat(next).extracting(Header::key).containsExactlyInAnyOrder("traceparent", "tracestate");
    assertThat(text(next, "traceparent")).isEqualTo(parent);
    assertThat(text(next, "tracestate")).isEqualTo("vendor=value,other=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0af7651916cd43dd8448eb211c80319c",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333g-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
        "00 0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-\u00e9",
      })
  void shouldTakeWhatIsNoContextAsNone(String parent) {
    assertThat(passedOn(headers(parent, "vendor=value"))).isEmpty();
  }

  @Test
  void shouldTakeNullAndMegabytesAsNone() {
    assertThat(passedOn(new RecordHeaders().add("traceparent", null))).isEmpty();
    assertThat(passedOn(headers(PARENT + "0".repeat(2_000_000), ""))).isEmpty();
    assertThat(passedOn(new RecordHeaders())).isEmpty();
  }

  @Test
  void shouldPassOnAStateOf512BytesAndNoLargerOne() {
    // Given the largest state, and one byte more
    String largest = "k=" + "x".repeat(200) + ",l=" + "y".repeat(200) + ",m=" + "z".repeat(104);
    assertThat(largest).hasSize(TraceHeaders.MAX_TRACESTATE_BYTES);

    // Then
    assertThat(text(passedOn(headers(PARENT, largest)), "tracestate")).isEqualTo(largest);
    Headers without = passedOn(headers(PARENT, largest + "z"));
    assertThat(text(without, "traceparent")).isEqualTo(PARENT);
    assertThat(without.lastHeader("tracestate")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"no member", "=1", "a=b\u0007", ",,,=,"})
  void shouldDropAStateThatIsNoneAndKeepItsTrace(String state) {
    Headers next = passedOn(headers(PARENT, state));

    assertThat(text(next, "traceparent")).isEqualTo(PARENT);
    assertThat(next.lastHeader("tracestate")).isNull();
  }

  @Test
  void shouldDropAStateOfMoreMembersThanThereMayBe() {
    assertThat(passedOn(headers(PARENT, state(33))).lastHeader("tracestate")).isNull();
    assertThat(text(passedOn(headers(PARENT, state(32))), "tracestate")).isEqualTo(state(32));
  }

  @Test
  void shouldReadTheLastOfSeveral() {
    // Given
    String later = "00-11111111111111111111111111111111-2222222222222222-01";
    Headers headers =
        headers(PARENT, "").add("traceparent", later.getBytes(StandardCharsets.UTF_8));

    // Then
    SpanContext context = read(headers);
    assertThat(context.getTraceId()).isEqualTo("1".repeat(32));
    assertThat(context.getSpanId()).isEqualTo("2".repeat(16));
    assertThat(context.isRemote()).isTrue();
  }
}
