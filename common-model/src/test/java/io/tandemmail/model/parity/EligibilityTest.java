package io.tandemmail.model.parity;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.Drift.Grade;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Parity;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;
import io.tandemmail.model.settings.RouteSettings.Retry;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EligibilityTest {
  @ParameterizedTest
  @EnumSource(Demand.class)
  void driftBarsASecondaryOnlyWhereParityIsRequired(Demand demand) {
    assertThat(Eligibility.of(route(demand), "m", drifted("b", "default", Grade.PROBLEM)))
        .isEqualTo(demand != Demand.REQUIRED);
  }

  @Test
  void adviceAnotherRoutesDriftAndThePrimarysBarNobody() {
    RouteSettings route = route(Demand.REQUIRED);

    assertThat(Eligibility.of(route, "m", drifted("b", "default", Grade.ADVICE))).isTrue();
    assertThat(Eligibility.of(route, "m", drifted("b", "other", Grade.PROBLEM))).isTrue();
    assertThat(Eligibility.of(route, "m", drifted("a", "default", Grade.PROBLEM))).isTrue();
  }

  @Test
  void outOfServiceIsOutWhateverTheDrift() {
    ServerHealth down =
        new ServerHealth("b", ServerState.DOWN, 0, 1, Instant.EPOCH, "", ServerMode.AUTO);

    assertThat(Eligibility.of(route(Demand.OFF), "m", down)).isFalse();
  }

  private static RouteSettings route(Demand demand) {
    return new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)
        .withParity(new Parity(demand, List.of()));
  }

  private static ServerHealth drifted(String server, String route, Grade grade) {
    return ServerHealth.unknown(server)
        .drifted(List.of(new Drift(route, "login", grade, "refused", "mend it")));
  }
}
