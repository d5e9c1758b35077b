package io.dimee.client.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.dimee.avro.DeadLetter;
import io.dimee.avro.Prediction;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutstandingTest {
  private static final Instant SENT = Instant.parse("2026-11-23T12:00:00.123456Z");

  private Outstanding outstanding;

  @BeforeEach
  void create() {
    outstanding = new Outstanding();
  }

  private static Prediction prediction(String id, Instant createdAt) {
    Prediction prediction = new Prediction();
    prediction.setId(id);
    // a record holds no more
    prediction.setCreatedAt(Instant.ofEpochMilli(createdAt.toEpochMilli()));
    return prediction;
  }

  private static DeadLetter letter(String id) {
    DeadLetter letter = new DeadLetter();
    letter.setEventId(id);
    return letter;
  }

  @Test
  void shouldWaitForEachThatWasSentAndNoOther() {
    // Given
    outstanding.add("a", SENT);
    outstanding.add("b", SENT.plusMillis(1));

    // Then
    assertThat(outstanding.take(prediction("elsewhere", SENT))).isFalse();
    assertThat(outstanding.take(letter("elsewhere"))).isFalse();
    assertThat(outstanding.take(letter(null))).isFalse();
    assertThat(outstanding.longest(1)).containsExactly("a");
    assertThat(outstanding.take(prediction("a", SENT))).isTrue();
    assertThat(outstanding.take(prediction("a", SENT))).isFalse();
    assertThat(outstanding.longest(2)).containsExactly("b");
    assertThat(outstanding.isEmpty()).isFalse();
    assertThat(outstanding.take(letter("b"))).isTrue();
    assertThat(outstanding.isEmpty()).isTrue();
    assertThat(outstanding.sent()).isEqualTo(2);
    assertThat(outstanding.answered()).isEqualTo(1);
    assertThat(outstanding.deadLetters()).isEqualTo(1);
  }

  @Test
  void shouldWaitForAsManyOutcomesAsAnIdWasSent() {
    // Given
    outstanding.add("a", SENT);
    outstanding.add("a", SENT.plusMillis(1));

    // Then in whatever order they come
    assertThat(outstanding.take(letter("a"))).isTrue();
    assertThat(outstanding.isEmpty()).isFalse();
    assertThat(outstanding.take(prediction("a", SENT))).isTrue();
    assertThat(outstanding.isEmpty()).isTrue();
  }

  @Test
  void shouldPassOverALateAnswerToAnOlderEventWithTheSameId() {
    outstanding.add("a", SENT);

    assertThat(outstanding.take(prediction("a", SENT.minusMillis(1)))).isFalse();
    assertThat(outstanding.take(prediction("a", SENT))).isTrue();
  }

  @Test
  void shouldKnowALongIdByItsHead() {
    // Given an id that the router does not take, and what a dead letter holds of it
    String id = "x".repeat(5_000);
    outstanding.add(id, SENT);

    // Then
    assertThat(outstanding.take(letter("x".repeat(1_000) + "..."))).isTrue();
    assertThat(outstanding.isEmpty()).isTrue();
  }
}
