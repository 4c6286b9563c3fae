package io.tandemmail.worker.gate;

import io.tandemmail.model.parity.Eligibility;
import io.tandemmail.model.retry.RetrySchedule;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.settings.RouteSettings;
import io.tandemmail.model.submission.MessageFacts;
import io.tandemmail.model.submission.ReturnReason;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;

/** The decision of the send gate (ARCHITECTURE.md, "Late binding"). */
public final class SendGate {
  private final Map<String, RouteSettings> routes;

  public SendGate(Map<String, RouteSettings> routes) {
    this.routes = Map.copyOf(routes);
  }

  /** What to do with the message now. */
  public sealed interface Answer {
    record Send() implements Answer {}

    /** The router knows what to do with it. */
    record GiveBack(ReturnReason reason) implements Answer {}

    /** Nobody can take it now; ask again when health changes. */
    record Hold() implements Answer {}
  }

  private static final Answer SEND = new Answer.Send();
  private static final Answer HOLD = new Answer.Hold();

  public Answer ask(
      MessageFacts facts, String server, Function<String, ServerHealth> health, Instant now) {
    RouteSettings route = routes.get(facts.route());
    if (route == null) {
      // No longer configured: the lane's server still knows how to take it.
      return health.apply(server).inService() ? SEND : HOLD;
    }
    if (!now.isBefore(RetrySchedule.deadline(route.retry(), facts))) {
      return new Answer.GiveBack(ReturnReason.EXPIRED);
    }
    if (!route.serversInOrder().contains(server)) {
      // The route had it when the message was placed.
      return new Answer.GiveBack(ReturnReason.REROUTED);
    }
    if (Eligibility.of(route, facts.id(), health.apply(server))) {
      return SEND;
    }
    boolean anotherStandsIn =
        route.serversInOrder().stream()
            .anyMatch(
                id -> !id.equals(server) && Eligibility.of(route, facts.id(), health.apply(id)));
    if (anotherStandsIn) {
      return new Answer.GiveBack(ReturnReason.REROUTED);
    }
    // A rehearsal must not keep mail that only this server can take now.
    return Eligibility.outsideDrills(route, health.apply(server)) ? SEND : HOLD;
  }
}
