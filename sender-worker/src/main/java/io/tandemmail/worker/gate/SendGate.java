package io.tandemmail.worker.gate;

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
    if (health.apply(server).takes(facts.route(), facts.id())) {
      return SEND;
    }
    boolean anotherStandsIn =
        route.serversInOrder().stream()
            .anyMatch(id -> !id.equals(server) && health.apply(id).inService());
    return anotherStandsIn ? new Answer.GiveBack(ReturnReason.REROUTED) : HOLD;
  }
}
