package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.model.submission.ContentType;
import io.tandemmail.model.submission.ReturnReason;
import io.tandemmail.worker.compose.ComposeException;
import io.tandemmail.worker.compose.MimeComposer;
import io.tandemmail.worker.gate.SendGate;
import io.tandemmail.worker.policy.AttemptReport;
import io.tandemmail.worker.policy.ReplyPolicy;
import io.tandemmail.worker.smtp.ConnectResult;
import io.tandemmail.worker.smtp.MailTransaction;
import io.tandemmail.worker.smtp.RecipientResult;
import io.tandemmail.worker.smtp.ServerEndpoint;
import io.tandemmail.worker.smtp.SmtpSession;
import io.tandemmail.worker.smtp.TransactionResult;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection's worth of delivering, on its own virtual thread: take a record, ask the gate, have a session, deliver,
 * record. It holds on to its record while the server is away and gives it back as soon as another can take it.
 */
final class ConnectionLoop {
  private static final Duration IDLE_CLOSE = Duration.ofSeconds(5);
  private static final Duration HOLD = Duration.ofMillis(500);
  private static final Duration RECONNECT_FIRST = Duration.ofMillis(50);
  private static final Duration RECONNECT_MAX = Duration.ofSeconds(2);
  private static final Duration PERMIT_WAIT = Duration.ofMillis(500);

  private final ServerQueue queue;
  private final ServerEndpoint endpoint;
  private final DeliveryContext context;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable SmtpSession session;
  private int delivered;
  private Duration reconnectWait = RECONNECT_FIRST;

  ConnectionLoop(ServerQueue queue, ServerEndpoint endpoint, DeliveryContext context) {
    this.queue = queue;
    this.endpoint = endpoint;
    this.context = context;
    this.thread = Thread.ofVirtual().name("smtp-" + endpoint.server().id()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Ends after the transaction under way. */
  void stop() {
    stopping = true;
  }

  /** Ends now: whatever is under way is cut, before its final dot if it has not left. */
  void abort() {
    stopping = true;
    SmtpSession current = session;
    if (current != null) {
      current.abort();
    }
  }

  void join(Duration within) throws InterruptedException {
    thread.join(within);
  }

  private void run() {
    try {
      while (!stopping) {
        Optional<Delivery> next = queue.next(session == null ? HOLD : IDLE_CLOSE);
        if (next.isPresent()) {
          take(next.get());
        } else {
          closeSession();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeSession();
    }
  }

  private void take(Delivery delivery) throws InterruptedException {
    while (delivery.partition().isOwned()) {
      if (stopping) {
        queue.add(delivery);
        return;
      }
      SendGate.Answer answer =
          context.gate().ask(delivery.facts(), endpoint.server().id(), context.health(), now());
      switch (answer) {
        case SendGate.Answer.Hold hold -> {
          closeSession();
          context.signal().await(HOLD);
        }
        case SendGate.Answer.GiveBack back -> {
          if (giveBack(delivery, back.reason())) {
            return;
          }
        }
        case SendGate.Answer.Send send -> {
          if (connected() && send(delivery)) {
            return;
          }
        }
      }
    }
  }

  private boolean giveBack(Delivery delivery, ReturnReason reason) throws InterruptedException {
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    delivery.partition().began();
    String server = endpoint.server().id();
    String why =
        reason == ReturnReason.EXPIRED
            ? "its time was over before " + server + " could be tried"
            : server + " is " + context.health().apply(server).state() + ", not tried there";
    context
        .recorder()
        .record(
            delivery,
            AttemptReport.untried(delivery.facts(), delivery.position(), reason, why, now()));
    return true;
  }

  /** Has a session, or has waited a little after failing to get one. */
  private boolean connected() throws InterruptedException {
    SmtpSession current = session;
    if (current != null && current.usable()) {
      return true;
    }
    closeSession();
    String fault;
    switch (context.transport().connect(endpoint)) {
      case ConnectResult.Connected connected -> {
        session = connected.session();
        delivered = 0;
        reconnectWait = RECONNECT_FIRST;
        return true;
      }
      case ConnectResult.Refused refused ->
          fault = refused.reply() + " at " + refused.phase().wireName();
      case ConnectResult.Unreachable unreachable -> fault = unreachable.fault().toString();
    }
    context.watches().of(endpoint.server().id()).failed(Kind.PASSIVE, fault);
    long waitMillis = reconnectWait.toMillis();
    context
        .signal()
        .await(
            Duration.ofMillis(waitMillis / 2 + ThreadLocalRandom.current().nextLong(waitMillis)));
    Duration doubled = reconnectWait.multipliedBy(2);
    reconnectWait = doubled.compareTo(RECONNECT_MAX) > 0 ? RECONNECT_MAX : doubled;
    return false;
  }

  /** False when nothing was tried and the record must go through the gate again. */
  private boolean send(Delivery delivery) throws InterruptedException {
    MailTransaction mail;
    try {
      mail = transaction(delivery);
    } catch (ComposeException | IllegalArgumentException e) {
      return reject(delivery, e.getMessage());
    }
    queue.awaitRate();
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    delivery.partition().began();
    BooleanSupplier fresh = () -> delivery.partition().isOwned() && context.ownership().isFresh();
    long startNanos = System.nanoTime();
    SmtpSession current = session;
    if (current == null || !fresh.getAsBoolean()) {
      context.recorder().abandoned(delivery);
      context.signal().await(PERMIT_WAIT);
      return false;
    }
    TransactionResult result = current.deliver(mail, fresh);
    if (result.diedBeforeFirstReply() && delivered > 0) {
      // An idle connection the server had closed: no attempt, try on a new one.
      context.recorder().abandoned(delivery);
      return false;
    }
    delivered++;
    observe(result, Duration.ofNanos(System.nanoTime() - startNanos));
    AttemptReport report =
        AttemptReport.of(
            delivery.facts(),
            delivery.position(),
            result.recipients(),
            context.retry(delivery.facts().route()),
            now());
    if (report.isEmpty()) {
      context.recorder().abandoned(delivery);
      return false;
    }
    context.recorder().record(delivery, report);
    return true;
  }

  private boolean reject(Delivery delivery, String why) throws InterruptedException {
    if (!context.recorder().takePermit(PERMIT_WAIT)) {
      return false;
    }
    delivery.partition().began();
    context
        .recorder()
        .record(
            delivery, AttemptReport.rejected(delivery.facts(), delivery.position(), why, now()));
    return true;
  }

  private void observe(TransactionResult result, Duration took) {
    String server = endpoint.server().id();
    context.meters().transaction(server, took);
    for (RecipientResult recipient : result.recipients()) {
      if (ReplyPolicy.judge(recipient).againstServer()) {
        context.watches().of(server).failed(Kind.PASSIVE, describe(recipient));
        return;
      }
    }
    if (result.fault().isEmpty()) {
      context.watches().of(server).succeeded(Kind.PASSIVE);
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

  private MailTransaction transaction(Delivery delivery) throws ComposeException {
    byte[] content =
        delivery.facts().contentType() == ContentType.RFC822
            ? delivery.value()
            : MimeComposer.compose(
                delivery.value(), delivery.facts(), context.owedHeaders(delivery.facts().route()));
    return new MailTransaction(
        delivery.facts().envelope().reversePath(),
        delivery.facts().envelope().forwardPaths(),
        content);
  }

  /** To the millisecond, which is what events show. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private void closeSession() {
    SmtpSession current = session;
    session = null;
    if (current != null) {
      current.close();
    }
  }
}
