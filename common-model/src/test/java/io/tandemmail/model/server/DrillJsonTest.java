package io.tandemmail.model.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DrillJsonTest {
  private static final Instant AT = Instant.parse("2026-11-25T10:00:00Z");
  private static final Drill DRILL =
      new Drill("d-1", "default", Drill.Kind.PRIMARY_LOSS, 100, AT, AT.plusSeconds(70));

  @Test
  void ordersGoThereAndBack() {
    DrillOrder begin = new DrillOrder.Begin("mx-a", DRILL, "ann", "monthly", AT);
    DrillOrder end = new DrillOrder.End("mx-a", "d-1", "ann", AT);
    assertThat(DrillJson.readOrder(DrillJson.write(begin))).contains(begin);
    assertThat(DrillJson.readOrder(DrillJson.write(end))).contains(end);
    assertThat(ServerJson.readCommand(DrillJson.write(begin)))
        .as("no operator's order, which would have the same topic")
        .isEmpty();
    ServerCommand drain = new ServerCommand("mx-a", ServerMode.DRAINED, "ann", "", AT);
    assertThat(DrillJson.readOrder(ServerJson.write(drain))).isEmpty();
  }

  @Test
  void healthCarriesTheDrill() {
    ServerHealth health = ServerHealth.unknown("mx-a").drilled(Optional.of(DRILL));
    assertThat(ServerJson.readHealth(ServerJson.write(health))).contains(health);
    assertThat(ServerJson.readHealth(ServerJson.write(ServerHealth.unknown("mx-a"))))
        .contains(ServerHealth.unknown("mx-a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"mx-a\",\"at\":\"2026-11-25T10:00:00Z\"}",
        "{\"id\":\"mx-a\",\"at\":\"2026-11-25T10:00:00Z\",\"drill\":7}",
        "{\"id\":\"mx-a\",\"at\":\"2026-11-25T10:00:00Z\",\"drill\":{\"id\":\"d\",\"route\":\"r\",\"kind\":\"drain\","
            + "\"canaryPercent\":0,\"from\":\"2026-11-25T10:00:00Z\",\"until\":\"2026-11-25T10:00:00Z\"}}",
        "nonsense"
      })
  void whatIsNoOrderIsNothing(String json) {
    assertThat(DrillJson.readOrder(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void aCanaryWithdrawsItsShareOfTheRouteAndNothingElse() {
    Drill canary = new Drill("d-2", "default", Drill.Kind.DRAIN, 5, AT, AT.plusSeconds(70));
    long withdrawn = 0;
    for (int i = 0; i < 10_000; i++) {
      withdrawn += canary.withdraws("default", "message-" + i) ? 1 : 0;
      assertThat(canary.withdraws("bulk", "message-" + i)).isFalse();
    }
    assertThat(withdrawn).isBetween(400L, 600L);
  }

  @Test
  void aLossOfTheWholeRouteIsFoundOutAndNotOrdered() {
    assertThat(DRILL.refusesConnections()).isTrue();
    assertThat(DRILL.withdraws("default", "m")).isFalse();
  }
}
