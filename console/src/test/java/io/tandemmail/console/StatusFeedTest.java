package io.tandemmail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tandemmail.runtime.metrics.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StatusFeedTest {
  private static final ClusterStatus STATUS =
      new ClusterStatus(
          List.of(),
          List.of(),
          List.of(),
          "abc",
          List.of(),
          ClusterStatus.Disks.UNKNOWN,
          Instant.EPOCH);

  private final PrometheusMeterRegistry registry = Metrics.registry();

  @Test
  void aDefectInAReadingDoesNotEndTheReadings() throws Exception {
    AtomicInteger readings = new AtomicInteger();
    CountDownLatch recovered = new CountDownLatch(1);
    try (StatusFeed feed =
        new StatusFeed(
            () -> {
              if (readings.incrementAndGet() <= 2) {
                throw new IllegalStateException("a lane without a position");
              }
              return STATUS;
            },
            new StatusMeters(registry, (route, now) -> Optional.empty()))) {
      feed.onReading(status -> recovered.countDown());
      feed.start(Duration.ofMillis(1));

      assertThat(recovered.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(registry.scrape()).contains("tandem_status_failures_total 2.0");
    }
  }

  @Test
  void theLastReadingStandsWhenTheNextOneFails() {
    List<ClusterStatus> heard = new ArrayList<>();
    AtomicInteger readings = new AtomicInteger();
    try (StatusFeed feed =
        new StatusFeed(
            () -> {
              if (readings.incrementAndGet() > 1) {
                throw new NullPointerException("a defect");
              }
              return STATUS;
            },
            new StatusMeters(registry, (route, now) -> Optional.empty()))) {
      feed.onReading(heard::add);
      assertThat(feed.latest()).isEmpty();
      feed.refresh();
      feed.refresh();

      assertThat(feed.latest()).hasValue(STATUS);
      assertThat(heard).containsExactly(STATUS);
    }
  }

  @Test
  void aListenerThatFailsDoesNotEndTheReadings() {
    try (StatusFeed feed =
        new StatusFeed(
            () -> STATUS, new StatusMeters(registry, (route, now) -> Optional.empty()))) {
      feed.onReading(status -> {
        throw new IllegalStateException("a defect");
      });
      feed.refresh();

      assertThat(feed.latest()).hasValue(STATUS);
    }
  }
}
