package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.runtime.time.SteadyClock;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.policy.AttemptReport;
import java.time.Duration;
import java.util.Optional;

/** How mail that was not tried leaves this worker again: asked of the gate, given back to the router by its owner. */
final class Departure {
  private static final Duration PERMIT_WAIT = Duration.ofMillis(500);

  private final DeliveryContext context;
  private final String server;

  Departure(DeliveryContext context, String server) {
    this.context = context;
    this.server = server;
  }

  SendGate.Answer ask(Delivery delivery) {
    return context
        .gate()
        .get()
        .ask(delivery.facts(), server, context::healthHere, SteadyClock.now());
  }

  boolean mayBegin(Delivery delivery) {
    return delivery.partition().isOwned() && context.ownership().isFresh();
  }

  /** False when it could not be done now; a little time has passed then. */
  boolean giveBack(Delivery delivery, ReturnReason reason) throws InterruptedException {
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    delivery.partition().began();
    if (!mayBegin(delivery)) {
      // Only the owner of a lane partition may return a message (docs/rules.md, 6).
      context.recorder().abandoned(delivery);
      context.signal().await(PERMIT_WAIT);
      return false;
    }
    ServerHealth all = context.health().apply(server);
    boolean outOfReach = reason == ReturnReason.REROUTED && context.isOutOfReachHere(all);
    String why =
        reason == ReturnReason.EXPIRED
            ? "its time was over before " + server + " could be tried"
            : outOfReach
                ? server + " is out of reach from here, not tried there"
                : server + " is " + all.state() + ", not tried there";
    // The router believes the cluster's opinion, so it has to be told where not to.
    Optional<String> avoid = outOfReach ? Optional.of(server) : Optional.empty();
    context
        .recorder()
        .record(
            delivery,
            AttemptReport.untried(
                delivery.facts(), delivery.position(), reason, avoid, why, SteadyClock.now()));
    return true;
  }
}
