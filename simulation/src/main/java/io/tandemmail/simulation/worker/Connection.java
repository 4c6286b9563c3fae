package io.tandemmail.simulation.worker;

import static java.util.Objects.requireNonNull;

import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.simulation.mail.ModelServer;
import io.tandemmail.simulation.truth.AttemptTruth;
import io.tandemmail.simulation.world.Rule;
import io.tandemmail.simulation.world.World;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.policy.AttemptReport;
import io.tandemmail.worker.policy.ReplyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One connection's worth of delivering, as {@code worker.delivery.ConnectionLoop} has it, in steps instead of a thread. */
final class Connection {
  private static final long HOLD_MILLIS = 200;
  private static final long PERMIT_MILLIS = 50;

  /** A way that is lost says nothing. */
  private static final long CONNECT_MILLIS = 1_000;

  private final World world;
  private final Worker worker;
  private final String server;
  private final ModelServer there;
  private boolean open;
  private boolean busy;
  private boolean leaving;

  Connection(World world, Worker worker, String server, ModelServer there) {
    this.world = world;
    this.worker = worker;
    this.server = server;
    this.there = there;
  }

  boolean isIdle() {
    return !busy;
  }

  /** Ends after the transaction under way. */
  void stop() {
    leaving = true;
    if (!busy) {
      close();
    }
  }

  /** I5 counts it. */
  boolean counts() {
    return !leaving && worker.coordinator().isMember(worker);
  }

  void start(Delivery delivery) {
    busy = true;
    turn(delivery);
  }

  void close() {
    open = false;
    there.disconnected(this);
  }

  private void turn(Delivery delivery) {
    if (!delivery.part().owned().isOwned()) {
      idle();
      return;
    }
    SendGate.Answer answer = worker.ask(delivery, server);
    if (answer instanceof SendGate.Answer.GiveBack && !world.holds(Rule.GIVEN_BACK)) {
      answer = new SendGate.Answer.Hold();
    }
    switch (answer) {
      case SendGate.Answer.Hold hold -> {
        close();
        again(HOLD_MILLIS, delivery);
      }
      case SendGate.Answer.GiveBack back -> giveBack(delivery, back.reason());
      case SendGate.Answer.Send send -> {
        if (open && worker.reaches(server)) {
          begin(delivery);
        } else {
          connect(delivery);
        }
      }
    }
  }

  private void again(long millis, Delivery delivery) {
    worker.after(millis, () -> turn(delivery));
  }

  private void giveBack(Delivery delivery, ReturnReason reason) {
    boolean mayReturn = worker.isFresh() || !world.holds(Rule.ONLY_OWNER_RETURNS);
    if (!mayReturn || !worker.recording().takePermit()) {
      again(PERMIT_MILLIS, delivery);
      return;
    }
    delivery.part().owned().began();
    AttemptTruth attempt =
        world.truth().begun(worker, delivery.part().owned().partition(), delivery.facts());
    worker
        .recording()
        .record(
            delivery,
            attempt,
            AttemptReport.untried(
                delivery.facts(),
                delivery.position(),
                reason,
                reason == ReturnReason.REROUTED && worker.isOutOfReach(server)
                    ? Optional.of(server)
                    : Optional.empty(),
                "out of service",
                worker.wall()));
    idle();
  }

  private void connect(Delivery delivery) {
    if (open) {
      close();
    }
    Optional<Long> refused =
        worker.reaches(server) ? there.refusesAfter() : Optional.of(CONNECT_MILLIS);
    if (refused.isPresent()) {
      worker.after(
          refused.get() + 1,
          () -> {
            worker.watch().noSession(server, Kind.PASSIVE);
            again(world.chance().between(50, 1_000), delivery);
          });
      return;
    }
    worker.after(
        world.chance().between(1, 20),
        () -> {
          open = true;
          there.connected(this, it -> ((Connection) it).counts());
          turn(delivery);
        });
  }

  private void begin(Delivery delivery) {
    if (!worker.recording().takePermit()) {
      again(PERMIT_MILLIS, delivery);
      return;
    }
    delivery.part().owned().began();
    AttemptTruth attempt =
        world.truth().begun(worker, delivery.part().owned().partition(), delivery.facts());
    if (world.holds(Rule.FRESH_BEFORE_MAIL) && !mayStill(delivery)) {
      worker.recording().abandoned(delivery, attempt);
      again(PERMIT_MILLIS, delivery);
      return;
    }
    worker.coordinator().mustOwn(worker, delivery.part().owned().partition(), "starts MAIL");
    wire(() -> {
      ModelServer.Answer answer = there.envelope(delivery.facts());
      worker.after(answer.millis(), () -> envelopeAnswered(delivery, attempt, answer));
    });
  }

  private void envelopeAnswered(
      Delivery delivery, AttemptTruth attempt, ModelServer.Answer answer) {
    if (answer.accepted().isEmpty()) {
      finish(delivery, attempt, answer.settled());
      return;
    }
    if (world.holds(Rule.FRESH_BEFORE_DOT) && !mayStill(delivery)) {
      Fault stale = new Fault(Fault.Kind.NOT_FRESH, Phase.FINAL_DOT, "");
      finish(
          delivery,
          attempt,
          delivery.facts().envelope().forwardPaths().stream()
              .<RecipientResult>map(it -> new RecipientResult.Faulted(it, stale))
              .toList());
      return;
    }
    worker.coordinator().mustOwn(worker, delivery.part().owned().partition(), "sends a final dot");
    world.truth().dotSent(attempt);
    boolean lost = world.chance().oneIn(300);
    wire(() -> {
      ModelServer.Answer last =
          lost
              ? new ModelServer.Answer(
                  answer.accepted().stream().map(ModelServer::unread).toList(), List.of(), 1)
              : there.dot(delivery.facts().id(), answer.accepted());
      if (last.settled().getFirst() instanceof RecipientResult.InDoubt) {
        world.truth().unanswered(attempt);
      }
      List<RecipientResult> all = new ArrayList<>(answer.settled());
      last.settled().forEach(it -> all.add(asRecorded(it)));
      worker.after(last.millis(), () -> finish(delivery, attempt, all));
    });
  }

  private RecipientResult asRecorded(RecipientResult result) {
    return result instanceof RecipientResult.InDoubt(String recipient, Fault fault)
            && !world.holds(Rule.IN_DOUBT_RECORDED)
        ? new RecipientResult.Faulted(recipient, fault)
        : result;
  }

  private void wire(Runnable arrived) {
    world.agenda().after(world.network(), world.chance().between(1, 20), arrived);
  }

  private boolean mayStill(Delivery delivery) {
    return delivery.part().owned().isOwned() && worker.isFresh();
  }

  private void finish(Delivery delivery, AttemptTruth attempt, List<RecipientResult> results) {
    observe(results);
    if (ReplyPolicy.endsConnection(results)) {
      close();
    }
    AttemptReport report =
        AttemptReport.of(
            delivery.facts(),
            delivery.position(),
            results,
            requireNonNull(world.settings().routes().get(delivery.facts().route())),
            worker.wall());
    if (report.isEmpty()) {
      close();
      worker.recording().abandoned(delivery, attempt);
      again(PERMIT_MILLIS, delivery);
      return;
    }
    worker.recording().record(delivery, attempt, report);
    idle();
  }

  private void observe(List<RecipientResult> results) {
    boolean against =
        results.stream().anyMatch(result -> ReplyPolicy.judge(result).againstServer());
    if (against) {
      worker.watch().failed(server, "transaction");
    } else {
      worker.watch().succeeded(server);
    }
  }

  private void idle() {
    busy = false;
    if (leaving) {
      close();
    } else {
      worker.pump(server);
    }
  }
}
