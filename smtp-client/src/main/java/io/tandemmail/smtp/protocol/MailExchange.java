package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.TransactionResult;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Mail transactions on one connection that is ready for them (RFC 5321 section 3.3): asks for one thing at a time with {@link
 * #step}, is told what came of it.
 *
 * <p>With PIPELINING (RFC 2920) an envelope goes out as one group, and the next transaction's group goes out behind the content
 * before it: a message costs one round trip. With CHUNKING (RFC 3030) there is no DATA to wait for and no dot to stuff. Lock-step
 * is the same with room for one outstanding command.
 *
 * <p>Content never goes out before its own envelope is answered, though BDAT would allow it: whatever then broke the connection
 * would leave the message in doubt, and it saves nothing where messages follow each other.
 */
public final class MailExchange {
  /**
   * Commands out whose replies are not read. Beyond it both sides could block writing to each other (RFC 2920 section 3.1): so
   * many replies fit in any socket's buffers.
   */
  static final int OUTSTANDING_MAX = 200;

  /** What the shell has to do now. */
  public enum Step {
    /** Write {@link #output} and say {@link #outputTaken}. */
    SEND,
    /** Read one reply, whose deadline is {@link #awaited}'s, and give it to {@link #replied}. */
    AWAIT,
    /**
     * Write the output and the content, then say {@link #contentWritten}, and write the output that this makes. Until the last
     * byte of that is written nothing is handed over.
     */
    CONTENT,
    /** Take {@link #finish}. */
    SETTLED
  }

  private record Expected(Transaction transaction, Phase phase, int recipient) {}

  private final Envelope envelope;
  private final boolean pipelining;
  private final boolean chunking;
  private final CommandBuffer out = new CommandBuffer();
  private final ArrayDeque<Expected> expected = new ArrayDeque<>();
  private @Nullable Transaction current;
  private @Nullable Transaction ahead;
  private boolean resetOwed;
  private boolean contentOut;
  private boolean reused;
  private boolean ended;

  public MailExchange(Capabilities offered) {
    envelope = new Envelope(offered);
    pipelining = offered.offers("PIPELINING");
    chunking = offered.offers("CHUNKING");
  }

  /** Starts a transaction, unless it is the one that {@link #beginBehind} has started. */
  @SuppressWarnings("ReferenceEquality") // Two mails may be equal; the one under way is one object.
  public void begin(MailTransaction mail) {
    if (current == null) {
      current = start(mail);
    } else if (current.mail() != mail) {
      throw new IllegalStateException("another transaction is under way");
    }
  }

  /** True when a next transaction can be started while the content of this one goes out. */
  public boolean canBeginBehind() {
    return pipelining && ahead == null;
  }

  /** Call between the content and {@link #contentWritten}. Only an envelope that fits in one group is taken. */
  public void beginBehind(MailTransaction mail) {
    ahead = start(mail);
  }

  /** The next transaction will not be gone on with: this connection cannot be used after the one under way. */
  public void withdrawAhead() {
    ended = true;
  }

  /** False when no further transaction can be begun: a 421 was read, or the connection is out of order. */
  public boolean usable() {
    return !ended;
  }

  public Step step() {
    Transaction now = underWay();
    if (ended && !now.anyOpen()) {
      // After a 421 nothing more is said.
      return Step.SETTLED;
    }
    if (!contentOut && !owesReplyTo(now)) {
      writeCommands(now);
    }
    if (out.length() > 0) {
      return Step.SEND;
    }
    if (owesReplyTo(now)) {
      return Step.AWAIT;
    }
    if (!now.anyOpen()) {
      return Step.SETTLED;
    }
    if (chunking) {
      out.text("BDAT ").number(chunkLength(now.mail().content())).text(" LAST").endLine();
    }
    return Step.CONTENT;
  }

  public byte[] output() {
    return out.bytes();
  }

  public int outputLength() {
    return out.length();
  }

  public void outputTaken() {
    out.clear();
  }

  /** The phase of the command that the next reply answers. */
  public Phase awaited() {
    return expected.element().phase;
  }

  /** True when the content goes out as it is, behind BDAT; false when its dots are to be stuffed. */
  public boolean chunked() {
    return chunking;
  }

  /** Bytes that BDAT announces: the content, and CR LF where its last line lacks it. */
  static int chunkLength(byte[] content) {
    return content.length + (endsLine(content) ? 0 : 2);
  }

  /** True when the content ends with CR LF, so that nothing need be added. */
  public static boolean endsLine(byte[] content) {
    int length = content.length;
    return length >= 2 && content[length - 2] == '\r' && content[length - 1] == '\n';
  }

  /** The content is written but for what {@link #output} now holds: the final dot, and the next envelope if one was begun. */
  public void contentWritten() {
    Transaction now = underWay();
    now.lastByteMayHaveLeft(true);
    contentOut = true;
    if (!chunking) {
      out.text(".").endLine();
    }
    expect(now, Phase.FINAL_DOT, 0);
    if (ahead != null) {
      writeCommands(ahead);
    }
  }

  /** The write failed, and it is certain that the last byte of the content was not in what was sent. */
  public void lastByteDidNotLeave() {
    underWay().lastByteMayHaveLeft(false);
  }

  public void replied(Reply reply) {
    Expected answered = expected.remove();
    Transaction transaction = answered.transaction;
    boolean first = transaction.firstAnswer();
    boolean continues = answered.phase == Phase.DATA && reply.intermediate();
    if (reply.code() == Reply.SERVICE_NOT_AVAILABLE) {
      // It ends the connection and speaks for every recipient still open (RFC 5321 section 3.8). As
      // the first
      // word to a transaction on a connection that was in use, it says that the connection has
      // served its time.
      ended = true;
      transaction.settleOpen(answered.phase, reply);
      if (first && reused) {
        transaction.farewell();
      }
    } else if (continues) {
      endEmptyIfNobodyIsOpen(transaction);
    } else if (answered.phase == Phase.RCPT) {
      if (!reply.positive()) {
        transaction.settle(answered.recipient, Phase.RCPT, reply);
      }
    } else if (answered.phase == Phase.FINAL_DOT || answered.phase == Phase.DATA) {
      transaction.settleOpen(answered.phase, reply);
      resetOwed |= !reply.positive();
    } else if (answered.phase == Phase.MAIL && !reply.positive()) {
      transaction.settleOpen(Phase.MAIL, reply);
    }
  }

  /** The result of the transaction under way; the one begun behind it, if any, is under way from here. */
  public TransactionResult finish() {
    TransactionResult result = underWay().result();
    if (owesReplyTo(underWay())) {
      ended = true;
    }
    resetOwed |= !contentOut && underWay().commandsOut() > 0;
    next();
    return result;
  }

  /** Nothing more can be read or written. */
  public TransactionResult broken(Fault fault) {
    ended = true;
    TransactionResult result = underWay().broken(fault, reused);
    next();
    return result;
  }

  private void next() {
    current = ahead;
    ahead = null;
    contentOut = false;
    reused = true;
  }

  private Transaction start(MailTransaction mail) {
    Transaction transaction = new Transaction(mail);
    envelope.refuseImpossible(transaction);
    return transaction;
  }

  private Transaction underWay() {
    if (current == null) {
      throw new IllegalStateException("no transaction is under way");
    }
    return current;
  }

  /** RSET if owed, MAIL, each RCPT, then DATA unless the content goes by BDAT: as many as have room. */
  private void writeCommands(Transaction transaction) {
    int room = (pipelining ? OUTSTANDING_MAX : 1) - expected.size();
    while (room > 0 && transaction.anyOpen() && writeNext(transaction)) {
      room--;
    }
  }

  private boolean writeNext(Transaction transaction) {
    MailTransaction mail = transaction.mail();
    int recipients = mail.forwardPaths().size();
    if (transaction.commandsOut() == 0 && resetOwed) {
      resetOwed = false;
      out.text("RSET").endLine();
      expect(transaction, Phase.RSET, 0);
      return true;
    }
    if (transaction.commandsOut() == 0) {
      envelope.mail(mail, out);
      expect(transaction, Phase.MAIL, 0);
      transaction.commandOut();
      return true;
    }
    while (transaction.commandsOut() <= recipients) {
      int recipient = transaction.commandsOut() - 1;
      transaction.commandOut();
      if (transaction.isOpen(recipient)) {
        envelope.recipient(mail, recipient, out);
        expect(transaction, Phase.RCPT, recipient);
        return true;
      }
    }
    if (chunking || transaction.commandsOut() > recipients + 1) {
      return false;
    }
    transaction.commandOut();
    out.text("DATA").endLine();
    expect(transaction, Phase.DATA, 0);
    return true;
  }

  private boolean owesReplyTo(Transaction transaction) {
    return !expected.isEmpty() && expected.element().transaction == transaction;
  }

  /** Every recipient was refused, yet the server waits for content (RFC 2920 section 3.1): give it none. */
  private void endEmptyIfNobodyIsOpen(Transaction transaction) {
    if (!transaction.anyOpen()) {
      out.text(".").endLine();
      expect(transaction, Phase.FINAL_DOT, 0);
    }
  }

  private void expect(Transaction transaction, Phase phase, int recipient) {
    expected.add(new Expected(transaction, phase, recipient));
  }

  /** For tests and logs: the transaction begun behind the one under way. */
  Optional<MailTransaction> ahead() {
    return Optional.ofNullable(ahead).map(Transaction::mail);
  }
}
