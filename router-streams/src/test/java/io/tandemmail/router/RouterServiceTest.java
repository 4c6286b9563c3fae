package io.tandemmail.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;

class RouterServiceTest {
  @Test
  void aRouterThatHasGivenUpEndsItsProcessAndOneThatRebalancesDoesNot() {
    AtomicInteger ended = new AtomicInteger();
    KafkaStreams.StateListener watch = RouterService.watch("router-1", ended::incrementAndGet);

    watch.onChange(State.REBALANCING, State.RUNNING);
    watch.onChange(State.PENDING_ERROR, State.REBALANCING);
    assertThat(ended).hasValue(0);
    watch.onChange(State.ERROR, State.PENDING_ERROR);
    assertThat(ended).hasValue(1);
  }
}
