package io.tandemmail.worker.smtp.engine;

import io.tandemmail.worker.smtp.EnhancedCode;
import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.MailTransaction;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.Reply;
import io.tandemmail.worker.smtp.ServerEndpoint;
import io.tandemmail.worker.smtp.ServerEndpoint.Timeouts;
import io.tandemmail.worker.smtp.SmtpSession;
import io.tandemmail.worker.smtp.TransactionResult;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Mail transactions on one connection. With PIPELINING the envelope goes out in one write and the content in the next;
 * without it, in lock-step.
 */
final class SmtpConnection implements SmtpSession {
  private static final byte[] FINAL_DOT = {'.', '\r', '\n'};
  private static final Duration QUIT_WAIT = Duration.ofSeconds(2);

  private final Wire wire;
  private final Capabilities capabilities;
  private final Timeouts timeouts;
  private final boolean pipelining;
  private int messagesLeft;
  private boolean needsReset;
  private volatile boolean usable = true;

  SmtpConnection(Wire wire, Capabilities capabilities, ServerEndpoint endpoint) {
    this.wire = wire;
    this.capabilities = capabilities;
    this.timeouts = endpoint.timeouts();
    this.pipelining = capabilities.offers("PIPELINING");
    this.messagesLeft = endpoint.server().maxMessagesPerConnection();
  }

  @Override
  public boolean usable() {
    return usable && messagesLeft > 0;
  }

  @Override
  public TransactionResult deliver(MailTransaction mail, BooleanSupplier fresh) {
    Transaction transaction = new Transaction(mail);
    boolean international = needsSmtpUtf8(mail);
    if (international && !capabilities.offers("SMTPUTF8")) {
      Optional<EnhancedCode> enhanced = Optional.of(new EnhancedCode(5, 6, 7));
      transaction.settleOpen(
          Phase.MAIL,
          new Reply(
              553,
              enhanced,
              "not sent: an address is not ASCII and the server offers no SMTPUTF8"));
      return transaction.result();
    }
    if (!fresh.getAsBoolean()) {
      return transaction.faulted(new Fault(Fault.Kind.NOT_FRESH, Phase.MAIL, ""));
    }
    messagesLeft--;
    try {
      refuseUnreadInput();
      return converse(mail, transaction, mailCommand(mail, international), fresh);
    } catch (SmtpFailure e) {
      usable = false;
      wire.closeNow();
      return transaction.faulted(e.fault());
    }
  }

  @Override
  public void abort() {
    usable = false;
    wire.closeNow();
  }

  @Override
  public void close() {
    if (usable) {
      usable = false;
      try {
        wire.command("QUIT");
        wire.flush();
        wire.reply(Phase.QUIT, QUIT_WAIT);
      } catch (IOException | SmtpFailure goneAlready) {
        // Leaving politely was worth a try; the socket is closed either way.
      }
    }
    wire.closeNow();
  }

  private TransactionResult converse(
      MailTransaction mail, Transaction transaction, String mailCommand, BooleanSupplier fresh)
      throws SmtpFailure {
    Reply data =
        pipelining
            ? envelopePipelined(mail, transaction, mailCommand)
            : envelopeInLockStep(mail, transaction, mailCommand);
    needsReset = true;
    if (!data.intermediate()) {
      transaction.settleOpen(Phase.DATA, data);
      return transaction.result();
    }
    if (!transaction.anyOpen()) {
      // Every recipient was refused, yet the server waits for content (RFC 2920 section 3.1): give
      // it none.
      return endEmpty(transaction);
    }
    return content(mail, transaction, fresh);
  }

  private Reply envelopePipelined(MailTransaction mail, Transaction transaction, String mailCommand)
      throws SmtpFailure {
    boolean reset = needsReset;
    send(
        Phase.MAIL,
        () -> {
          if (reset) {
            wire.command("RSET");
          }
          wire.command(mailCommand);
          for (String path : mail.forwardPaths()) {
            wire.command(rcptCommand(path));
          }
          wire.command("DATA");
        });
    if (reset) {
      // Named MAIL: a connection that died while idle is found out here, before anything was said
      // about this message.
      checked(wire.reply(Phase.MAIL, timeouts.command()), Phase.RSET, transaction);
    }
    Reply accepted = checked(wire.reply(Phase.MAIL, timeouts.command()), Phase.MAIL, transaction);
    if (!accepted.positive()) {
      transaction.settleOpen(Phase.MAIL, accepted);
    }
    for (int i = 0; i < mail.forwardPaths().size(); i++) {
      Reply reply = checked(wire.reply(Phase.RCPT, timeouts.command()), Phase.RCPT, transaction);
      if (!reply.positive()) {
        transaction.settle(i, Phase.RCPT, reply);
      }
    }
    return checked(wire.reply(Phase.DATA, timeouts.data()), Phase.DATA, transaction);
  }

  private Reply envelopeInLockStep(
      MailTransaction mail, Transaction transaction, String mailCommand) throws SmtpFailure {
    if (needsReset) {
      ask("RSET", Phase.MAIL, timeouts.command(), transaction);
    }
    Reply accepted = ask(mailCommand, Phase.MAIL, timeouts.command(), transaction);
    if (!accepted.positive()) {
      return accepted;
    }
    for (int i = 0; i < mail.forwardPaths().size(); i++) {
      Reply reply =
          ask(rcptCommand(mail.forwardPaths().get(i)), Phase.RCPT, timeouts.command(), transaction);
      if (!reply.positive()) {
        transaction.settle(i, Phase.RCPT, reply);
      }
    }
    return transaction.anyOpen()
        ? ask("DATA", Phase.DATA, timeouts.data(), transaction)
        : new Reply(503, Optional.empty(), "no recipient was accepted");
  }

  private TransactionResult content(
      MailTransaction mail, Transaction transaction, BooleanSupplier fresh) throws SmtpFailure {
    try {
      DotStuffing.write(mail.content(), wire);
    } catch (IOException e) {
      throw SmtpFailure.of(e, Phase.CONTENT);
    }
    if (!fresh.getAsBoolean()) {
      abort();
      return transaction.faulted(new Fault(Fault.Kind.NOT_FRESH, Phase.FINAL_DOT, ""));
    }
    try {
      wire.bytes(FINAL_DOT);
      if (!wire.flushLast(FINAL_DOT.length)) {
        throw new SmtpFailure(
            new Fault(
                Fault.Kind.RESET, Phase.CONTENT, "the connection broke before the final dot"));
      }
    } catch (IOException e) {
      abort();
      return transaction.inDoubt(SmtpFailure.of(e, Phase.FINAL_DOT).fault());
    }
    try {
      Reply reply = wire.reply(Phase.FINAL_DOT, timeouts.finalDot());
      note421(reply);
      transaction.settleOpen(Phase.FINAL_DOT, reply);
      needsReset = !reply.positive();
      return transaction.result();
    } catch (SmtpFailure e) {
      abort();
      return transaction.inDoubt(e.fault());
    }
  }

  private TransactionResult endEmpty(Transaction transaction) throws SmtpFailure {
    send(Phase.CONTENT, () -> wire.bytes(FINAL_DOT));
    note421(wire.reply(Phase.FINAL_DOT, timeouts.finalDot()));
    return transaction.result();
  }

  private Reply ask(String command, Phase phase, Duration within, Transaction transaction)
      throws SmtpFailure {
    send(phase, () -> wire.command(command));
    return checked(wire.reply(phase, within), phase, transaction);
  }

  /** A 421 ends the connection and speaks for every recipient still open (RFC 5321 section 3.8). */
  private Reply checked(Reply reply, Phase phase, Transaction transaction) {
    if (reply.code() == Reply.SERVICE_NOT_AVAILABLE) {
      transaction.settleOpen(phase, reply);
      note421(reply);
    }
    return reply;
  }

  private void note421(Reply reply) {
    if (reply.code() == Reply.SERVICE_NOT_AVAILABLE) {
      usable = false;
    }
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

  private String mailCommand(MailTransaction mail, boolean international) {
    StringBuilder command = new StringBuilder("MAIL FROM:<").append(mail.reversePath()).append('>');
    if (capabilities.offers("SIZE")) {
      command.append(" SIZE=").append(mail.content().length);
    }
    if (international) {
      command.append(" SMTPUTF8");
    }
    if (capabilities.offers("8BITMIME") && has8Bit(mail.content())) {
      command.append(" BODY=8BITMIME");
    }
    return command.toString();
  }

  private static String rcptCommand(String path) {
    return "RCPT TO:<" + path + ">";
  }

  private static boolean needsSmtpUtf8(MailTransaction mail) {
    return !ascii(mail.reversePath())
        || !mail.forwardPaths().stream().allMatch(SmtpConnection::ascii);
  }

  private static boolean ascii(String path) {
    return path.chars().allMatch(c -> c < 0x80);
  }

  private static boolean has8Bit(byte[] content) {
    for (byte b : content) {
      if (b < 0) {
        return true;
      }
    }
    return false;
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void send(Phase phase, Writing writing) throws SmtpFailure {
    try {
      writing.run();
      wire.flush();
    } catch (IOException e) {
      throw SmtpFailure.of(e, phase);
    }
  }
}
