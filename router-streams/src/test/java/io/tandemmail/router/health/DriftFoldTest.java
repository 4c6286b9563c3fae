package io.tandemmail.router.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ParityReport;
import io.tandemmail.model.server.ServerCommand;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerObservation;
import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.settings.HealthSettings;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Retry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftFoldTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final Drift LOGIN = drift("default", "login");

  private final DriftFold fold =
      new DriftFold(
          Map.of(
              "default", new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT),
              "bulk", new RouteSettings("bulk", "b", List.of("a"), Retry.DEFAULT)));

  @Test
  void driftIsAChangeOfHealthWithAnEpochOfItsOwn() {
    ServerTrack track = fold.fold(ServerTrack.fresh("b"), report("default", LOGIN));

    assertThat(track.health().drift()).containsExactly(LOGIN);
    assertThat(track.health().epoch()).isEqualTo(1);
    assertThat(track.health().since()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void theSameReportAgainChangesNothing() {
    ServerTrack track = fold.fold(ServerTrack.fresh("b"), report("default", LOGIN));

    assertThat(fold.fold(track, report("default", LOGIN))).isSameAs(track);
  }

  @Test
  void aReportTakesThePlaceOfTheLastOneOfItsRouteOnly() {
    Drift spf = drift("bulk", "spf");
    ServerTrack track = fold.fold(ServerTrack.fresh("b"), report("default", LOGIN));
    track = fold.fold(track, report("bulk", spf));
    assertThat(track.health().drift()).containsExactly(LOGIN, spf);

    track = fold.fold(track, report("default"));
    assertThat(track.health().drift()).containsExactly(spf);
  }

  @Test
  void whatWasSaidForARouteThatIsNoMoreGoesWithTheNextReport() {
    ServerHealth old = ServerHealth.unknown("b").drifted(List.of(drift("gone", "login")));
    ServerTrack track = ServerTrack.fresh("b").with(old);

    assertThat(fold.fold(track, report("default")).health().drift()).isEmpty();
    assertThat(fold.fold(ServerTrack.fresh("b"), report("gone", drift("gone", "dkim"))).health())
        .isEqualTo(ServerHealth.unknown("b"));
  }

  @Test
  void driftOutlivesEveryChangeOfStateAndTheStore() {
    HealthMachine machine = new HealthMachine(HealthSettings.DEFAULT);
    ServerTrack track = fold.fold(ServerTrack.fresh("b"), report("default", LOGIN));

    ServerTrack down = machine.observe(track, failures(), NOW);
    assertThat(down.health().inService()).isFalse();
    ServerTrack resumed =
        command(machine, command(machine, down, ServerMode.DRAINED), ServerMode.AUTO);
    assertThat(down.health().drift()).containsExactly(LOGIN);
    assertThat(resumed.health().drift()).containsExactly(LOGIN);
    assertThat(machine.tick(resumed, NOW.plusSeconds(3_600)).health().drift())
        .containsExactly(LOGIN);
    assertThat(ServerTrackCodec.read(ServerTrackCodec.write(down)).orElseThrow().health())
        .isEqualTo(down.health());
  }

  private static ServerTrack command(HealthMachine machine, ServerTrack track, ServerMode mode) {
    return machine.command(track, new ServerCommand("b", mode, "ann", "", NOW), NOW);
  }

  private static ServerObservation failures() {
    return new ServerObservation("b", "w", NOW, Kind.PASSIVE, 0, 9, 9, "refused");
  }

  private static ParityReport report(String route, Drift... drifts) {
    return new ParityReport("b", route, "worker-1", NOW, List.of(drifts));
  }

  private static Drift drift(String route, String subject) {
    return new Drift(route, subject, Drift.Grade.PROBLEM, "is not as it should be", "mend it");
  }
}
