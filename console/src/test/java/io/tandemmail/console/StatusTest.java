package io.tandemmail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandemmail.console.ClusterStatus.RouteStatus;
import io.tandemmail.model.conservation.RouteCounts;
import io.tandemmail.model.disk.LogDir;
import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.submission.Role;
import io.tandemmail.runtime.lanes.LaneLag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final LaneLag LANE =
      new LaneLag(
          "default", "mx-a", Role.PRIMARY, 12, OptionalDouble.of(1.5), 6, OptionalDouble.of(2));

  @Test
  void acceptedIsDeliveredAndFailedAndWaiting() {
    List<RouteStatus> routes =
        new Conservation()
            .read(
                List.of("default"),
                List.of(counts(0, 60, 40, 3, 5), counts(1, 40, 35, 2, 3)),
                List.of(LANE),
                NOW);

    assertThat(routes).containsExactly(new RouteStatus("default", 100, 75, 5, 20, 0));
  }

  @Test
  void noMoreWaitThanAreOpenThoughLagCountsTransactionMarkersToo() {
    assertThat(
            new Conservation()
                .read(List.of("default"), List.of(counts(0, 10, 8, 1, 0)), List.of(LANE), NOW))
        .containsExactly(new RouteStatus("default", 10, 8, 1, 1, 0));
  }

  @Test
  void aMessageWithoutAnOwnerIsAlarmedAfterAWholeMinuteAndNotBefore() {
    Conservation conservation = new Conservation();
    List<RouteCounts> missing = List.of(counts(0, 10, 8, 0, 0));
    for (int second = 0; second <= 60; second++) {
      assertThat(
              conservation
                  .read(List.of("default"), missing, List.of(), NOW.plusSeconds(second))
                  .getFirst()
                  .unaccounted())
          .isZero();
    }
    assertThat(
            conservation
                .read(List.of("default"), missing, List.of(), NOW.plusSeconds(61))
                .getFirst()
                .unaccounted())
        .isEqualTo(2);

    assertThat(
            conservation
                .read(
                    List.of("default"),
                    List.of(counts(0, 10, 10, 0, 0)),
                    List.of(),
                    NOW.plusSeconds(62))
                .getFirst()
                .unaccounted())
        .isZero();
  }

  @Test
  void jsonIsAsPromised() {
    ServerHealth health =
        new ServerHealth("mx-a", ServerState.UP, 100, 4, NOW, "ramp completed", ServerMode.AUTO);

    assertThat(text(StatusJson.servers(List.of(health))))
        .isEqualTo(
            "[{\"id\":\"mx-a\",\"state\":\"UP\",\"share\":100,\"epoch\":4,\"since\":\"2026-11-24T10:00:00Z\",\"evidence\":\"ramp completed\",\"mode\":\"auto\",\"drift\":[]}]");
    assertThat(text(StatusJson.lanes(List.of(LANE))))
        .isEqualTo(
            "[{\"route\":\"default\",\"server\":\"mx-a\",\"role\":\"primary\",\"lag\":12,\"oldestAgeSeconds\":1.500,\"ratePerSecond\":6.000,\"drainSeconds\":2.000}]");
    assertThat(text(StatusJson.routes(List.of(new RouteStatus("default", 5, 3, 1, 1, 0)))))
        .isEqualTo(
            "[{\"id\":\"default\",\"accepted\":5,\"delivered\":3,\"failed\":1,\"waiting\":1,\"unaccounted\":0}]");
  }

  @Test
  void whatIsNotKnownIsNotShownAsZero() {
    LaneLag stuck =
        new LaneLag(
            "default", "mx-a", Role.PRIMARY, 12, OptionalDouble.empty(), 0, OptionalDouble.empty());

    assertThat(text(StatusJson.lanes(List.of(stuck))))
        .contains("\"oldestAgeSeconds\":null", "\"drainSeconds\":null");
    assertThat(
            StatusTable.text(
                new ClusterStatus(
                    List.of(),
                    List.of(stuck),
                    List.of(),
                    "",
                    List.of(),
                    ClusterStatus.Disks.UNKNOWN,
                    NOW)))
        .containsPattern("primary +12 +- +0.0 +-\n");
  }

  @Test
  void aSlowServerIsCalledSo() {
    ServerHealth slow = ServerHealth.unknown("mx-a").slowed(true);
    ClusterStatus status =
        new ClusterStatus(
            List.of(slow), List.of(), List.of(), "", List.of(), ClusterStatus.Disks.UNKNOWN, NOW);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new StatusMeters(registry, (route, now) -> Optional.empty()).show(status);

    assertThat(StatusTable.text(status)).containsPattern("mx-a +UP slow +100%");
    assertThat(text(StatusJson.servers(List.of(slow)))).contains("\"slow\":true");
    assertThat(registry.get("tandem.server.slow").tag("server", "mx-a").gauge().value()).isOne();
  }

  @Test
  void whatServersSaidCannotDrawOnTheTerminal() {
    ServerHealth health =
        new ServerHealth("mx-a", ServerState.DOWN, 0, 4, NOW, "550 \u001b[31mred", ServerMode.AUTO);

    assertThat(
            StatusTable.text(
                new ClusterStatus(
                    List.of(health),
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    ClusterStatus.Disks.UNKNOWN,
                    NOW)))
        .doesNotContain("\u001b");
  }

  @Test
  void whatBrokersHaveLeftIsShownAndWhyNewMailIsRefused() {
    LogDir dir = new LogDir(2, "/logs", 10 << 20, 1L << 30);
    ClusterStatus status =
        new ClusterStatus(
            List.of(),
            List.of(),
            List.of(),
            "",
            List.of(),
            new ClusterStatus.Disks(List.of(dir), Optional.of("broker 2 is short")),
            NOW);

    assertThat(StatusTable.text(status))
        .containsPattern("2 +10 MiB +1 GiB +/logs\nnew mail is refused: broker 2 is short\n");
    assertThat(text(StatusJson.all(status)))
        .contains(
            "\"brokers\":[{\"id\":2,\"logDir\":\"/logs\",\"usableBytes\":10485760,\"totalBytes\":1073741824}]",
            "\"refusesNewMail\":\"broker 2 is short\"");
  }

  @Test
  void driftIsShownBesideTheServerAndCounted() {
    ServerHealth drifted =
        ServerHealth.unknown("mx-b")
            .drifted(
                List.of(
                    new Drift("default", "login", Drift.Grade.PROBLEM, "refused", "mend it"),
                    new Drift("default", "caps", Drift.Grade.ADVICE, "is small", "raise it")));
    ClusterStatus status =
        new ClusterStatus(
            List.of(drifted),
            List.of(),
            List.of(),
            "0",
            List.of(),
            ClusterStatus.Disks.UNKNOWN,
            Instant.EPOCH);
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new StatusMeters(registry, (route, now) -> Optional.empty()).show(status);

    assertThat(StatusTable.text(status))
        .containsPattern("mx-b +default +PROBLEM +login +refused; mend it\n")
        .containsPattern("mx-b +default +ADVICE +caps +is small; raise it\n");
    assertThat(text(StatusJson.servers(List.of(drifted))))
        .contains(
            "\"drift\":[{\"route\":\"default\",\"subject\":\"login\",\"grade\":\"problem\",\"what\":\"refused\",");
    assertThat(registry.get("tandem.parity.drift").tag("server", "mx-b").gauge().value())
        .isEqualTo(1);
    assertThat(registry.get("tandem.parity.advice").tag("server", "mx-b").gauge().value())
        .isEqualTo(1);
  }

  private static RouteCounts counts(
      int partition, long accepted, long delivered, long failed, long scheduled) {
    return new RouteCounts("default", partition, accepted, delivered, failed, scheduled, NOW);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
