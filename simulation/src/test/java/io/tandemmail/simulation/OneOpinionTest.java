package io.tandemmail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.model.parity.Eligibility;
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
import io.tandemmail.router.choice.ServerChoice;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.gate.SendGate.Answer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I8, exhaustively for a route of three servers: what a worker gives back, the router places where a worker keeps it. */
class OneOpinionTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final List<String> SERVERS = List.of("a", "b", "c");

  @ParameterizedTest
  @EnumSource(Demand.class)
  void noMessageGoesBackAndForth(Demand demand) {
    RouteSettings route =
        new RouteSettings("default", "a", List.of("b", "c"), Retry.DEFAULT)
            .withParity(new Parity(demand, List.of()));
    SendGate gate = new SendGate(Map.of("default", route));
    int placed = 0;
    for (Map<String, ServerHealth> health : worlds()) {
      boolean anybody =
          SERVERS.stream().anyMatch(server -> Eligibility.of(route, "m", health.get(server)));
      for (int message = 0; message < 20; message++) {
        MessageFacts facts = facts("m" + message);
        String chosen = ServerChoice.choose(route, facts.id(), health::get).server();
        Answer answer = gate.ask(facts, chosen, health::get, NOW);
        assertThat(answer)
            .as(facts.id() + " at " + chosen + " with " + health)
            .isEqualTo(anybody ? new Answer.Send() : new Answer.Hold());
        placed++;
      }
    }
    assertThat(placed).isEqualTo(20 * 6 * 6 * 6);
  }

  private static List<Map<String, ServerHealth>> worlds() {
    List<Map<String, ServerHealth>> worlds = new ArrayList<>();
    for (ServerHealth a : states("a")) {
      for (ServerHealth b : states("b")) {
        for (ServerHealth c : states("c")) {
          worlds.add(new HashMap<>(Map.of("a", a, "b", b, "c", c)));
        }
      }
    }
    return worlds;
  }

  private static List<ServerHealth> states(String server) {
    Drift drift = new Drift("default", "login", Drift.Grade.PROBLEM, "refused", "mend it");
    List<ServerHealth> states = new ArrayList<>();
    for (List<Drift> drifts : List.of(List.<Drift>of(), List.of(drift))) {
      states.add(ServerHealth.unknown(server).drifted(drifts));
      states.add(health(server, ServerState.RECOVERING, 40).drifted(drifts));
      states.add(health(server, ServerState.DOWN, 0).drifted(drifts));
    }
    return states;
  }

  private static ServerHealth health(String server, ServerState state, int share) {
    return new ServerHealth(server, state, share, 3, NOW, "", ServerMode.AUTO);
  }

  private static MessageFacts facts(String id) {
    return new MessageFacts(
        id,
        "default",
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
