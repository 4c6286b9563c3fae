package io.tandemmail.smtp.engine;

import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.smtp.protocol.Capabilities;
import io.tandemmail.smtp.protocol.DotStuffing;
import io.tandemmail.smtp.protocol.MailExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Mail transactions on one connection: does what {@link MailExchange} asks for, on the wire, and keeps the deadlines.
 *
 * <p>A transaction begun behind another is lent out: when the server keeps the first one waiting it is given back, and the
 * connection is closed after the first one's reply.
 */
final class SmtpConnection implements SmtpSession {
  private static final byte[] DOT = {'.'};
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Duration QUIT_WAIT = Duration.ofSeconds(2);

  /** A server that takes longer over a message keeps no other message waiting behind it. */
  private static final Duration LEND_MAX = Duration.ofMillis(500);

  private final Wire wire;
  private final MailExchange exchange;
  private final ReplyTimeouts timeouts;
  private final long closeAtNanos;
  private int messagesLeft;
  private boolean lending;
  private boolean behindAnother;
  private final ReplyTimes times = new ReplyTimes();
  private volatile boolean usable = true;

  SmtpConnection(Wire wire, Capabilities offered, ServerEndpoint endpoint) {
    this.wire = wire;
    this.exchange = new MailExchange(offered);
    this.timeouts = endpoint.timeouts();
    this.messagesLeft =
        Math.min(endpoint.server().limits().maxMessagesPerConnection(), offered.transactionsMax());
    this.closeAtNanos = System.nanoTime() + endpoint.server().limits().maxConnectionAge().toNanos();
    wire.writeWithin(timeouts.write());
  }

  @Override
  public boolean usable() {
    return lending
        ? usable && exchange.usable()
        : usable && exchange.usable() && messagesLeft > 0 && System.nanoTime() - closeAtNanos < 0;
  }

  @Override
  public TransactionResult deliver(
      MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) {
    boolean goingOn = lending;
    behindAnother = goingOn;
    if (!goingOn && !fresh.getAsBoolean()) {
      return TransactionResult.notBegun(mail, new Fault(Fault.Kind.NOT_FRESH, Phase.MAIL, ""));
    }
    lending = false;
    exchange.begin(mail);
    try {
      if (!goingOn) {
        messagesLeft--;
        refuseUnreadInput();
      }
      return converse(mail, fresh, lookahead);
    } catch (SmtpFailure e) {
      abort();
      return exchange.broken(e.fault());
    }
  }

  @Override
  public void abort() {
    usable = false;
    wire.closeNow();
  }

  @Override
  public void close() {
    if (usable && exchange.usable() && !lending) {
      usable = false;
      try {
        wire.bytes(QUIT, 0, QUIT.length);
        wire.flush();
        wire.reply(Phase.QUIT, QUIT_WAIT);
      } catch (IOException | SmtpFailure goneAlready) {
        // Leaving politely was worth a try; the socket is closed either way.
      }
    }
    wire.closeNow();
  }

  private TransactionResult converse(
      MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) throws SmtpFailure {
    while (true) {
      switch (exchange.step()) {
        case SEND -> send();
        case AWAIT -> exchange.replied(reply(lookahead));
        case CONTENT -> content(mail, fresh, lookahead);
        case SETTLED -> {
          return exchange.finish();
        }
      }
    }
  }

  private void send() throws SmtpFailure {
    try {
      takeOutput();
      wire.flush();
    } catch (IOException e) {
      throw SmtpFailure.whileWriting(e, exchange.awaited());
    }
  }

  private void takeOutput() throws IOException {
    wire.bytes(exchange.output(), 0, exchange.outputLength());
    exchange.outputTaken();
  }

  private void content(MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead)
      throws SmtpFailure {
    if (wire.hasBufferedInput()) {
      throw new SmtpFailure(
          new Fault(Fault.Kind.OUT_OF_STEP, Phase.CONTENT, "a reply that answers no command"));
    }
    try {
      takeOutput();
      write(mail.content());
    } catch (IOException e) {
      throw SmtpFailure.whileWriting(e, Phase.CONTENT);
    }
    lookAhead(lookahead);
    // Asked last of all: whatever is done between the answer and the write is time in which it can
    // become untrue.
    if (!fresh.getAsBoolean()) {
      throw new SmtpFailure(new Fault(Fault.Kind.NOT_FRESH, Phase.FINAL_DOT, ""));
    }
    last(mail.content());
  }

  /** All but the last byte of a chunk: until that is written the server has no message. */
  private void write(byte[] content) throws IOException {
    if (exchange.chunked()) {
      wire.bytes(content, 0, MailExchange.endsLine(content) ? content.length - 1 : content.length);
      return;
    }
    int from = 0;
    for (int dot = DotStuffing.nextDot(content, 0);
        dot < content.length;
        dot = DotStuffing.nextDot(content, dot + 1)) {
      wire.bytes(content, from, dot - from);
      wire.bytes(DOT, 0, 1);
      from = dot;
    }
    wire.bytes(content, from, content.length - from);
    if (!MailExchange.endsLine(content)) {
      wire.bytes(CRLF, 0, 2);
    }
  }

  private void last(byte[] content) throws SmtpFailure {
    exchange.contentWritten();
    try {
      int tail = exchange.outputLength();
      if (exchange.chunked()) {
        boolean ended = MailExchange.endsLine(content);
        tail += ended ? 1 : 2;
        wire.bytes(CRLF, ended ? 1 : 0, ended ? 1 : 2);
      }
      takeOutput();
      if (!wire.flushLast(tail)) {
        exchange.lastByteDidNotLeave();
        throw new SmtpFailure(
            new Fault(
                Fault.Kind.RESET, Phase.CONTENT, "the connection broke before the final dot"));
      }
    } catch (IOException e) {
      throw SmtpFailure.whileWriting(e, Phase.FINAL_DOT);
    }
  }

  private void lookAhead(Lookahead lookahead) {
    if (times.isWorthLending() && messagesLeft > 0 && exchange.canBeginBehind()) {
      Optional<MailTransaction> next = lookahead.next();
      next.ifPresent(exchange::beginBehind);
      lending = next.isPresent();
      messagesLeft -= lending ? 1 : 0;
    }
  }

  private Reply reply(Lookahead lookahead) throws SmtpFailure {
    Phase phase = exchange.awaited();
    long startNanos = System.nanoTime();
    long deadlineNanos = startNanos + within(phase).toNanos();
    Reply reply = null;
    if (lending) {
      reply = wire.replyUntil(phase, startNanos + LEND_MAX.toNanos(), deadlineNanos);
      if (reply == null) {
        lending = false;
        exchange.withdrawAhead();
        lookahead.withdrawn();
      }
    }
    if (reply == null) {
      reply = wire.replyUntil(phase, deadlineNanos, deadlineNanos);
    }
    if (reply == null) {
      throw new SmtpFailure(
          new Fault(Fault.Kind.REPLY_TIMEOUT, phase, "no complete reply in time"));
    }
    long tookNanos = System.nanoTime() - startNanos;
    if (phase == Phase.MAIL && !behindAnother) {
      times.roundTrip(tookNanos);
    }
    if (phase == Phase.FINAL_DOT) {
      times.finalDot(tookNanos);
      if (reply.intermediate()) {
        throw new SmtpFailure(new Fault(Fault.Kind.OUT_OF_STEP, phase, reply.toString()));
      }
    }
    return reply;
  }

  private Duration within(Phase phase) {
    return switch (phase) {
      case DATA -> timeouts.data();
      case FINAL_DOT -> timeouts.finalDot();
      default -> timeouts.command();
    };
  }

  private void refuseUnreadInput() throws SmtpFailure {
    boolean unread;
    try {
      unread = wire.hasUnreadInput();
    } catch (IOException e) {
      throw SmtpFailure.of(e, Phase.MAIL);
    }
    if (unread) {
      Reply unasked = wire.reply(Phase.MAIL, QUIT_WAIT);
      boolean farewell = unasked.code() == Reply.SERVICE_NOT_AVAILABLE;
      throw new SmtpFailure(
          new Fault(
              farewell ? Fault.Kind.CLOSED : Fault.Kind.OUT_OF_STEP,
              Phase.MAIL,
              "said unasked: " + unasked));
    }
  }
}
