package io.tandemmail.worker.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.server.Drift;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.server.ServerMode;
import io.tandemmail.model.server.ServerState;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.settings.RouteSettings.Parity;
import io.tandemmail.model.settings.RouteSettings.Parity.Demand;
import io.tandemmail.model.settings.RouteSettings.Retry;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.Envelope;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.worker.gate.SendGate.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SendGateTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private final SendGate gate =
      new SendGate(
          Map.of("default", new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)));

  @Test
  void mailGoesToAServerInService() {
    assertThat(ask(Set.of(), NOW)).isEqualTo(new Answer.Send());
  }

  @Test
  void mailOfAServerOutOfServiceIsGivenBackWhenAnotherStandsIn() {
    assertThat(ask(Set.of("a"), NOW)).isEqualTo(new Answer.GiveBack(ReturnReason.REROUTED));
  }

  @Test
  void withNobodyInServiceMailIsHeldAndNotBouncedAround() {
    assertThat(ask(Set.of("a", "b"), NOW)).isEqualTo(new Answer.Hold());
  }

  @Test
  void mailPastItsTimeIsGivenBackToBeEnded() {
    assertThat(ask(Set.of("a", "b"), NOW.plus(Duration.ofDays(5))))
        .isEqualTo(new Answer.GiveBack(ReturnReason.EXPIRED));
  }

  @Test
  void mailIsNotGivenBackForASecondaryThatDriftBars() {
    RouteSettings required =
        new RouteSettings("default", "a", List.of("b"), Retry.DEFAULT)
            .withParity(new Parity(Demand.REQUIRED, List.of()));
    ServerHealth down = new ServerHealth("a", ServerState.DOWN, 0, 2, NOW, "", ServerMode.AUTO);
    ServerHealth drifted =
        ServerHealth.unknown("b")
            .drifted(List.of(new Drift("default", "login", Drift.Grade.PROBLEM, "refused", "")));
    SendGate strict = new SendGate(Map.of("default", required));

    assertThat(strict.ask(facts(), "a", id -> id.equals("a") ? down : drifted, NOW))
        .isEqualTo(new Answer.Hold());
    assertThat(strict.ask(facts(), "b", id -> id.equals("a") ? down : drifted, NOW))
        .isEqualTo(new Answer.Hold());
    assertThat(
            strict.ask(
                facts(), "b", id -> id.equals("a") ? ServerHealth.unknown(id) : drifted, NOW))
        .isEqualTo(new Answer.GiveBack(ReturnReason.REROUTED));
  }

  /** What an overloaded server sheds is shed by the router; what was placed there already would only come twice as late. */
  @Test
  void mailThatIsPlacedOnAnOverloadedServerStaysThere() {
    ServerHealth overloaded =
        new ServerHealth("a", ServerState.OVERLOADED, 10, 2, NOW, "", ServerMode.AUTO);
    for (int i = 0; i < 100; i++) {
      assertThat(
              gate.ask(
                  facts("m" + i, "default"),
                  "a",
                  id -> id.equals("a") ? overloaded : ServerHealth.unknown(id),
                  NOW))
          .isEqualTo(new Answer.Send());
    }
  }

  @Test
  void mailOfALaneThatItsRouteHasNoLongerIsGivenBackHoweverWellTheServerIs() {
    assertThat(gate.ask(facts(), "c", ServerHealth::unknown, NOW))
        .isEqualTo(new Answer.GiveBack(ReturnReason.REROUTED));
  }

  @Test
  void mailOfARouteThatIsGoneWaitsForItsServerOnly() {
    ServerHealth down = new ServerHealth("a", ServerState.DOWN, 0, 2, NOW, "", ServerMode.AUTO);
    MessageFacts orphan = facts("m1", "gone");

    assertThat(gate.ask(orphan, "a", ServerHealth::unknown, NOW)).isEqualTo(new Answer.Send());
    assertThat(gate.ask(orphan, "a", id -> down, NOW)).isEqualTo(new Answer.Hold());
  }

  private Answer ask(Set<String> down, Instant now) {
    return gate.ask(
        facts(),
        "a",
        id ->
            down.contains(id)
                ? new ServerHealth(id, ServerState.DOWN, 0, 2, NOW, "", ServerMode.AUTO)
                : ServerHealth.unknown(id),
        now);
  }

  private static MessageFacts facts() {
    return facts("m1", "default");
  }

  private static MessageFacts facts(String id, String route) {
    return new MessageFacts(
        id,
        route,
        new Envelope("", List.of("a@example.net")),
        ContentType.JSON,
        NOW,
        Optional.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty());
  }
}
