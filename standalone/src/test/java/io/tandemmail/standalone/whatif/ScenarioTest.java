package io.tandemmail.standalone.whatif;

import static io.tandemmail.standalone.whatif.MadeUp.START;
import static io.tandemmail.standalone.whatif.MadeUp.health;
import static io.tandemmail.standalone.whatif.MadeUp.lane;
import static io.tandemmail.standalone.whatif.MadeUp.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {
  private static final Settings RUNNING =
      settings(
          "a: { host: ha, port: 2525 }, b: { host: hb }", "default: { primary: a, secondary: b }");
  private final MadeUp history =
      new MadeUp()
          .arrive("default", 10, 0, 60)
          .change(20, "a", ServerState.DOWN, 0)
          .change(40, "a", ServerState.UP, 100);

  @Test
  void aNewServerIsTakenForUpThroughout() {
    Scenario proposed =
        proposed("a: { host: ha, port: 2525 }, c: { host: hc }", "primary: c, secondary: a");

    assertThat(proposed.newServers()).containsExactly("c");
    assertThat(lane(history.replay(proposed, 60), "default", "c").delivered()).isEqualTo(600);
  }

  @Test
  void aServerKeepsItsHealthUnderAnotherName() {
    Scenario proposed =
        proposed("x: { host: HA, port: 2525 }, c: { host: hc }", "primary: x, secondary: c");

    assertThat(proposed.newServers()).containsExactly("c");
    assertThat(lane(history.replay(proposed, 60), "default", "c").delivered()).isEqualTo(200);
  }

  @Test
  void anotherAddressUnderTheSameNameIsAnotherServer() {
    Scenario proposed =
        proposed("a: { host: ha, port: 587 }, b: { host: hb }", "primary: a, secondary: b");

    assertThat(proposed.newServers()).containsExactly("a");
    assertThat(lane(history.replay(proposed, 60), "default", "a").delivered()).isEqualTo(600);
  }

  @Test
  void beforeTheFirstKnownChangeAServerCountsAsUpAndThatIsSaid() {
    HealthHistory known =
        HealthHistory.of(
            List.of(
                new HealthHistory.Change(
                    START.plusSeconds(5), health("first-ever", ServerState.DOWN, 0, 1)),
                new HealthHistory.Change(
                    START.plusSeconds(6), health("aged-out", ServerState.UP, 100, 7)),
                new HealthHistory.Change(
                    START.minusSeconds(1), health("known", ServerState.DOWN, 0, 9))),
            List.of());

    assertThat(known.of("aged-out", START)).matches(health -> health.inService());
    assertThat(known.unknownUntil("aged-out", START)).contains(START.plusSeconds(6));
    assertThat(known.unknownUntil("first-ever", START)).isEmpty();
    assertThat(known.unknownUntil("known", START)).isEmpty();
    assertThat(known.unknownUntil("never-seen", START)).isEmpty();
    assertThat(known.of("known", START)).matches(health -> !health.inService());
  }

  @Test
  void aServerThatDidNotChangeAsFarBackAsTheHistoryGoesIsWhatItIsNow() {
    HealthHistory known =
        HealthHistory.of(List.of(), List.of(health("drained", ServerState.DRAINED, 0, 3)));

    assertThat(known.of("drained", START.plusSeconds(1))).matches(health -> !health.inService());
  }

  private Scenario proposed(String servers, String route) {
    return Scenario.proposed(
        settings(servers, "default: { " + route + " }"), RUNNING, history.history());
  }
}
