package io.dimee.topology.clients;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class StreamsEndTest {
  private final StreamsEnd end = new StreamsEnd("router");

  @Test
  void shouldEndExceptionallyThoughNoExceptionSaysWhy() {
    // When
    end.onChange(State.PENDING_ERROR, State.RUNNING);
    end.onChange(State.ERROR, State.PENDING_ERROR);

    // Then
    assertThat(end.ended().handle((none, e) -> e).join())
        .isInstanceOf(StreamsException.class)
        .hasMessageContaining("router: Kafka Streams has given up");
  }

  @Test
  void shouldEndWithTheExceptionThatStoppedIt() {
    // Given
    StreamsException cause = new StreamsException("the cause");

    // When
    StreamThreadExceptionResponse response = end.handle(cause);
    end.onChange(State.PENDING_ERROR, State.RUNNING);
    end.onChange(State.ERROR, State.PENDING_ERROR);

    // Then
    assertThat(response).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(end.ended()).isCompletedExceptionally();
    assertThat(end.ended().handle((none, e) -> e).join()).isSameAs(cause);
  }

  @Test
  void shouldGoOnAfterATransactionThatBrokersEnded() {
    // When
    StreamThreadExceptionResponse response =
        end.handle(new StreamsException("commit", new InvalidTxnStateException("ended")));

    // Then
    assertThat(response).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    assertThat(end.ended()).isNotDone();
  }

  @Test
  void shouldEndWellWhenItIsClosed() {
    // When
    end.onChange(State.PENDING_SHUTDOWN, State.RUNNING);
    end.onChange(State.NOT_RUNNING, State.PENDING_SHUTDOWN);

    // Then
    assertThat(end.ended()).isCompleted();
  }
}
