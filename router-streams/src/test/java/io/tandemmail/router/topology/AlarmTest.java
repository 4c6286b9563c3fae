package io.tandemmail.router.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class AlarmTest {
  private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
  private int rung;
  private final Alarm alarm = new Alarm(context, () -> rung++);

  AlarmTest() {
    context.setCurrentSystemTimeMs(1_000);
  }

  @Test
  void nothingIsScheduledUntilItIsSet() {
    assertThat(set()).isEmpty();

    alarm.setFor(Long.MAX_VALUE);

    assertThat(set()).isEmpty();
  }

  @Test
  void ringsOnceAtTheEarliestTime() {
    alarm.setFor(9_000);
    alarm.setFor(4_000);
    alarm.setFor(7_000);

    assertThat(set())
        .singleElement()
        .returns(Duration.ofMillis(3_000), CapturedPunctuator::getInterval);

    set().getFirst().getPunctuator().punctuate(4_000);

    assertThat(rung).isEqualTo(1);
    assertThat(set()).isEmpty();
  }

  @Test
  void canBeSetAgainAfterItRang() {
    alarm.setFor(4_000);
    set().getFirst().getPunctuator().punctuate(4_000);

    alarm.setFor(9_000);

    assertThat(set()).hasSize(1);
  }

  @Test
  void whatIsOverdueWaitsAMomentSoThatMailComesBetween() {
    alarm.setFor(10);

    assertThat(set())
        .singleElement()
        .returns(Duration.ofMillis(50), CapturedPunctuator::getInterval);
  }

  private List<CapturedPunctuator> set() {
    return context.scheduledPunctuators().stream().filter(one -> !one.cancelled()).toList();
  }
}
