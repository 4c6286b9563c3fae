package io.tandemmail.worker.delivery;

import io.tandemmail.runtime.time.SteadyClock;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.worker.compose.ComposeException;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.policy.AttemptReport;
import io.tandemmail.worker.policy.ReplyPolicy;
import io.tandemmail.worker.watch.ServerWatch;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection's worth of delivering, on its own virtual thread: take a record, ask the gate, have a session, deliver,
 * record. It holds on to its record while the server is away and gives it back as soon as another can take it. While the
 * content of one message goes out, the next is taken if it can begin at once, so that its envelope goes along.
 */
final class ConnectionLoop {
  private static final Duration IDLE_CLOSE = Duration.ofSeconds(5);
  private static final Duration HOLD = Duration.ofMillis(500);
  private static final Duration PERMIT_WAIT = Duration.ofMillis(500);

  private final ServerQueue queue;
  private final DeliveryContext context;
  private final Duration idleClose;
  private final Thread thread;
  private final Lookahead lookahead = new NextInQueue();
  private final Departure departure;
  private volatile boolean stopping;
  private volatile boolean idle;
  private final HeldConnection connection;
  private @Nullable Attempt ahead;

  ConnectionLoop(ServerQueue queue, DeliveryContext context) {
    this(queue, context, IDLE_CLOSE);
  }

  /**
   * @param idleClose how long its connection stays open without mail
   */
  ConnectionLoop(ServerQueue queue, DeliveryContext context, Duration idleClose) {
    this.queue = queue;
    this.context = context;
    this.idleClose = idleClose;
    this.departure = new Departure(context, queue.server());
    this.connection = new HeldConnection(queue::endpoint, context);
    this.thread = Thread.ofVirtual().name("smtp-" + queue.server()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Ends after the transaction under way; at once, with QUIT, when there is none. */
  void stop() {
    stopping = true;
    // Of a silent server it would wait for minutes, and whoever takes over would wait for it.
    connection.cutOpening();
    queue.wake();
  }

  /** True while it waits for mail. */
  boolean isIdle() {
    return idle;
  }

  /** Ends now: whatever is under way is cut, before its final dot if it has not left. */
  void abort() {
    stopping = true;
    connection.abort();
    queue.wake();
  }

  /** Its connection is closed. */
  boolean hasEnded() {
    return thread.getState() == Thread.State.TERMINATED;
  }

  /** Waits no longer for a session that is being opened; a transaction under way is not touched. */
  void cutOpening() {
    connection.cutOpening();
  }

  void join(Duration within) throws InterruptedException {
    thread.join(within);
  }

  private void run() {
    try {
      while (!stopping || ahead != null) {
        Attempt begun = ahead;
        if (begun != null) {
          ahead = null;
          send(begun);
          continue;
        }
        idle = true;
        Optional<Delivery> next =
            queue.next(connection.held().isEmpty() ? HOLD : idleClose, () -> stopping);
        idle = false;
        if (next.isPresent()) {
          take(next.get());
        } else {
          rest();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeSession();
    }
  }

  /** Nothing is to be sent: its connection closes, and what else the server is to be asked has room. */
  private void rest() {
    closeSession();
    if (!stopping) {
      queue.errand().ifPresent(Runnable::run);
    }
  }

  private void take(Delivery delivery) throws InterruptedException {
    while (delivery.partition().isOwned()) {
      if (stopping) {
        queue.putBack(delivery);
        return;
      }
      switch (departure.ask(delivery)) {
        case SendGate.Answer.Hold hold -> {
          rest();
          context.signal().await(HOLD);
        }
        case SendGate.Answer.GiveBack back -> {
          if (departure.giveBack(delivery, back.reason())) {
            return;
          }
        }
        case SendGate.Answer.Send send -> {
          if (connected() && begin(delivery)) {
            return;
          }
        }
      }
    }
  }

  /** Has a session, or has waited a little after failing to get one. */
  private boolean connected() throws InterruptedException {
    if (connection.isUsable()) {
      return true;
    }
    closeSession();
    return connection.open();
  }

  /** False when nothing was tried and the record must go through the gate again. */
  private boolean begin(Delivery delivery) throws InterruptedException {
    MailTransaction mail;
    try {
      mail = delivery.transaction(context.content().get());
    } catch (ComposeException | IllegalArgumentException e) {
      return reject(delivery, String.valueOf(e.getMessage()));
    }
    if (!queue.awaitRate(() -> stopping) || !permitted()) {
      return false;
    }
    delivery.partition().began();
    if (!fresh(delivery)) {
      context.recorder().abandoned(delivery);
      context.signal().await(PERMIT_WAIT);
      return false;
    }
    send(new Attempt(delivery, mail));
    return true;
  }

  /**
   * May leave one more unrecorded. A right to send is not kept while this waits: many would use theirs at once when the
   * broker answers again, and the server would see more than its rate.
   */
  private boolean permitted() throws InterruptedException {
    if (context.recorder().takePermit(Duration.ZERO)) {
      return true;
    }
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    if (queue.rateAllowsNow()) {
      return true;
    }
    context.recorder().givePermitBack();
    return false;
  }

  private boolean fresh(Delivery delivery) {
    return departure.mayBegin(delivery);
  }

  /** Delivers and records; what was not tried goes back to the head of the queue. */
  private void send(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    Optional<SmtpSession> held = connection.held();
    if (held.isEmpty()) {
      notTried(delivery);
      return;
    }
    SmtpSession current = held.get();
    TransactionResult result = deliver(current, attempt);
    if (!current.usable()) {
      // Nothing of the next one was handed over.
      lookahead.withdrawn();
    }
    if (!result.attempted()) {
      notTried(delivery);
      return;
    }
    observe(result);
    if (ReplyPolicy.endsConnection(result.recipients())) {
      closeSession();
    }
    AttemptReport report =
        AttemptReport.of(
            delivery.facts(),
            delivery.position(),
            result.recipients(),
            context.route(delivery.facts().route(), delivery.position().server()),
            SteadyClock.now());
    if (report.isEmpty()) {
      notTried(delivery);
      return;
    }
    context.recorder().record(delivery, report);
  }

  private TransactionResult deliver(SmtpSession current, Attempt attempt) {
    ServerWatch watch = watch();
    watch.transactionBegan();
    long startNanos = System.nanoTime();
    boolean tried = false;
    try {
      TransactionResult result =
          current.deliver(attempt.mail(), () -> fresh(attempt.delivery()), lookahead);
      tried = result.attempted();
      return result;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      if (tried) {
        watch.transactionEnded(took);
        context.meters().transaction(queue.server(), took);
      } else {
        watch.transactionNotTried();
      }
    }
  }

  private ServerWatch watch() {
    return context.watches().of(queue.server());
  }

  private void notTried(Delivery delivery) {
    context.recorder().abandoned(delivery);
    queue.putBack(delivery);
  }

  private boolean reject(Delivery delivery, String why) throws InterruptedException {
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    delivery.partition().began();
    context
        .recorder()
        .record(
            delivery,
            AttemptReport.rejected(delivery.facts(), delivery.position(), why, SteadyClock.now()));
    return true;
  }

  private void observe(TransactionResult result) {
    for (RecipientResult recipient : result.recipients()) {
      if (ReplyPolicy.judge(recipient).againstServer()) {
        watch().transactionFailed(describe(recipient));
        return;
      }
    }
    if (result.fault().isEmpty()) {
      watch().transactionSucceeded();
    }
  }

  private static String describe(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered answered ->
          answered.reply() + " at " + answered.phase().wireName();
      case RecipientResult.Faulted faulted -> faulted.fault().toString();
      case RecipientResult.InDoubt inDoubt -> inDoubt.fault().toString();
    };
  }

  private void closeSession() {
    connection.close();
    lookahead.withdrawn();
  }

  /** The head of the queue, if everything it would otherwise have to wait for is there. */
  private final class NextInQueue implements Lookahead {
    @Override
    public Optional<MailTransaction> next() {
      Optional<Delivery> head = stopping ? Optional.empty() : queue.nextNow();
      if (head.isEmpty()) {
        return Optional.empty();
      }
      Delivery delivery = head.get();
      Optional<MailTransaction> mail = mayBegin(delivery);
      mail.ifPresentOrElse(it -> ahead = new Attempt(delivery, it), () -> queue.putBack(delivery));
      return mail;
    }

    @Override
    public void withdrawn() {
      Attempt lent = ahead;
      if (lent != null) {
        ahead = null;
        notTried(lent.delivery());
      }
    }

    private Optional<MailTransaction> mayBegin(Delivery delivery) {
      if (!fresh(delivery) || !(departure.ask(delivery) instanceof SendGate.Answer.Send)) {
        return Optional.empty();
      }
      MailTransaction mail;
      try {
        mail = delivery.transaction(context.content().get());
      } catch (ComposeException | IllegalArgumentException itsTurnWillSay) {
        return Optional.empty();
      }
      if (!context.recorder().takePermitNow()) {
        return Optional.empty();
      }
      delivery.partition().began();
      if (!queue.rateAllowsNow()) {
        context.recorder().abandoned(delivery);
        return Optional.empty();
      }
      return Optional.of(mail);
    }
  }
}
