package io.tandemmail.worker.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerWatchTest {
  private final List<ServerObservation> reports = new ArrayList<>();
  private final ServerWatch watch = new ServerWatch("mx-a", "worker-1", reports::add);

  @Test
  void faultsAreToldAtOnceAndSuccessesWhenAsked() {
    watch.succeeded(Kind.PASSIVE);
    watch.succeeded(Kind.PASSIVE);
    assertThat(reports).isEmpty();

    watch.failed(Kind.PASSIVE, "reset");
    assertThat(reports)
        .singleElement()
        .satisfies(r ->
            assertThat(List.of(r.succeeded(), r.failed(), r.failedInARow()))
                .containsExactly(2, 1, 1));

    watch.failed(Kind.PASSIVE, "reset");
    assertThat(reports.getLast().failedInARow()).isEqualTo(2);
    assertThat(reports.getLast().evidence()).isEqualTo("reset");
  }

  @Test
  void theFirstSuccessAfterFaultsIsToldAtOnce() {
    watch.failed(Kind.PASSIVE, "reset");
    watch.succeeded(Kind.PASSIVE);

    assertThat(reports).hasSize(2);
    assertThat(reports.getLast().failedInARow()).isZero();
  }

  @Test
  void whatTrafficProvesNeedsNoProbe() {
    assertThat(watch.succeededWithin(1_000_000_000L)).isFalse();
    watch.succeeded(Kind.PASSIVE);
    assertThat(watch.succeededWithin(60_000_000_000L)).isTrue();
  }
}
