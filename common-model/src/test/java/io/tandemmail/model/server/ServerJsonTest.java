package io.tandemmail.model.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ServerJsonTest {
  private static final ServerHealth HEALTH =
      new ServerHealth(
          "mx-a",
          ServerState.RECOVERING,
          40,
          9,
          Instant.parse("2026-11-24T10:00:00Z"),
          "2 probes",
          ServerMode.AUTO);

  @Test
  void healthLooksAsPromisedAndComesBack() {
    assertThat(new String(ServerJson.write(HEALTH), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"mx-a\",\"state\":\"RECOVERING\",\"share\":40,\"epoch\":9,\"since\":\"2026-11-24T10:00:00Z\",\"evidence\":\"2 probes\",\"mode\":\"auto\"}");
    assertThat(ServerJson.readHealth(ServerJson.write(HEALTH))).contains(HEALTH);
  }

  @Test
  void driftIsAFieldThatIsThereWhenThereIsDrift() {
    ServerHealth drifted =
        HEALTH.drifted(
            List.of(new Drift("default", "login", Drift.Grade.PROBLEM, "refused\n", "mend it")));

    assertThat(new String(ServerJson.write(drifted), StandardCharsets.UTF_8))
        .endsWith(
            ",\"mode\":\"auto\",\"drift\":[{\"route\":\"default\",\"subject\":\"login\",\"grade\":\"problem\",\"what\":\"refused?\",\"remedy\":\"mend it\"}]}");
    assertThat(ServerJson.readHealth(ServerJson.write(drifted))).contains(drifted);
  }

  @Test
  void aParityReportComesBackAndIsNoObservation() {
    ParityReport report =
        new ParityReport(
            "mx-b",
            "default",
            "worker-1",
            Instant.parse("2026-11-24T10:00:00Z"),
            List.of(new Drift("default", "spf", Drift.Grade.ADVICE, "x".repeat(5_000), "y")));

    assertThat(DriftJson.readReport(DriftJson.write(report))).contains(report);
    assertThat(ServerJson.readObservation(DriftJson.write(report))).isEmpty();
    assertThat(report.drifts().getFirst().what()).hasSize(Drift.TEXT_CHARS_MAX);
  }

  @Test
  void observationsAndCommandsComeBack() {
    ServerObservation seen =
        new ServerObservation(
            "mx-a",
            "worker-1",
            Instant.parse("2026-11-24T10:00:00Z"),
            ServerObservation.Kind.PROBE,
            1,
            2,
            2,
            "refused");
    ServerCommand order =
        new ServerCommand(
            "mx-a", ServerMode.DRAINED, "ann", "disk", Instant.parse("2026-11-24T10:00:00Z"));

    ServerObservation loaded = seen.withLoad(new ServerObservation.Load(1200, 31.5, 84.25));

    assertThat(ServerJson.readObservation(ServerJson.write(seen))).contains(seen);
    assertThat(ServerJson.readObservation(ServerJson.write(loaded))).contains(loaded);
    assertThat(ServerJson.readCommand(ServerJson.write(order))).contains(order);
  }

  @Test
  void aLoadThatCannotBeIsTakenForNone() {
    String odd =
        "{\"id\":\"a\",\"reporter\":\"w\",\"at\":\"2026-11-24T10:00:00Z\",\"backlog\":-4,\"ratePerSecond\":\"fast\",\"latencyMillis\":-1}";
    assertThat(
            ServerJson.readObservation(odd.getBytes(StandardCharsets.UTF_8)).orElseThrow().load())
        .contains(ServerObservation.Load.NONE);
  }

  /** A value that stops the reader would stop every router: whatever stands on the topic gives a value or nothing. */
  @Test
  void readingSurvivesAnything() {
    Random random = new Random(7);
    byte[] good = ServerJson.write(HEALTH);
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = good.clone();
      for (int n = 0; n < 1 + i % 5; n++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      ServerJson.readHealth(bad);
      ServerJson.readObservation(bad);
      ServerJson.readCommand(bad);
      DriftJson.readReport(bad);
    }
    assertThat(ServerJson.readHealth(new byte[0])).isEmpty();
    assertThat(
            ServerJson.readHealth(
                "{\"id\":\"a\",\"state\":\"UP\",\"share\":101,\"since\":\"2026-11-24T10:00:00Z\"}"
                    .getBytes(StandardCharsets.UTF_8)))
        .isEmpty();
  }
}
