package io.tandemmail.worker.policy;

import static io.tandemmail.smtp.Phase.AUTH;
import static io.tandemmail.smtp.Phase.CONNECT;
import static io.tandemmail.smtp.Phase.DATA;
import static io.tandemmail.smtp.Phase.FINAL_DOT;
import static io.tandemmail.smtp.Phase.MAIL;
import static io.tandemmail.smtp.Phase.QUIT;
import static io.tandemmail.smtp.Phase.RCPT;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.worker.policy.Verdict.Reach;
import io.tandemmail.worker.policy.Verdict.Type;
import io.tandemmail.worker.policy.Verdict.When;
import io.tandemmail.worker.policy.Verdict.Where;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Decides what the reply or fault that ended an attempt means for one recipient: the only place where a reply code becomes
 * an outcome. The phase sets how far bad news reaches: a 4yz to MAIL is the server's trouble, a 4yz to RCPT one mailbox's.
 * Get it wrong and one full mailbox takes a server out of service, or a broken server bounces a campaign.
 *
 * <p>The first row that matches decides. docs/reply-policy.md explains each row under the same name, and a test reads it.
 */
public final class ReplyPolicy {
  private static final boolean AGAINST = true;
  private static final boolean NOT_AGAINST = false;

  private static final Verdict NO_SESSION =
      new Verdict(Type.NOT_TRIED, Reach.SERVER, AGAINST, When.GATE, Where.ANY);
  private static final Verdict BROKEN_SERVICE =
      new Verdict(Type.DEFERRED, Reach.SERVER, AGAINST, When.SOON_ELSEWHERE, Where.ELSEWHERE);
  private static final Verdict BROKEN_DIALOGUE =
      new Verdict(Type.DEFERRED, Reach.CONNECTION, AGAINST, When.SOON_ELSEWHERE, Where.ELSEWHERE);
  private static final Verdict BROKEN_CONNECTION =
      new Verdict(Type.DEFERRED, Reach.CONNECTION, AGAINST, When.SOON, Where.ELSEWHERE);
  private static final Verdict IN_DOUBT =
      new Verdict(Type.IN_DOUBT, Reach.CONNECTION, AGAINST, When.SOON, Where.HERE);
  private static final Verdict DELIVERED =
      new Verdict(Type.DELIVERED, Reach.MESSAGE, NOT_AGAINST, When.NEVER, Where.NOWHERE);

  /** By ordinal of {@link Phase}; before these nothing was said about any message. */
  private static final Set<Phase> BEFORE_MAIL = EnumSet.range(CONNECT, AUTH);

  private static final Set<Phase> TRANSACTION = EnumSet.range(MAIL, FINAL_DOT);
  private static final Set<Phase> ENVELOPE = EnumSet.range(MAIL, DATA);
  private static final Set<Phase> BODY = EnumSet.range(DATA, FINAL_DOT);
  private static final Set<Phase> ANY = EnumSet.range(CONNECT, QUIT);

  static final List<Row> REPLIES =
      List.of(
          new Row("no-session", BEFORE_MAIL, reply -> true, NO_SESSION),
          new Row("closing", TRANSACTION, code(421), BROKEN_DIALOGUE),
          new Row("login-wanted", TRANSACTION, ReplyWords::wantsLogin, BROKEN_SERVICE),
          new Row("tls-wanted", TRANSACTION, ReplyWords::wantsTls, BROKEN_SERVICE),
          new Row("bad-sequence", ENVELOPE, code(503), BROKEN_DIALOGUE),
          new Row(
              "greylisted-recipient",
              EnumSet.of(RCPT),
              yz(4).and(ReplyWords::greylistsRecipient),
              deferred(Reach.RECIPIENT, Where.HERE)),
          new Row(
              "greylisted-message",
              TRANSACTION,
              yz(4).and(ReplyWords::namesGreylisting),
              deferred(Reach.MESSAGE, Where.HERE)),
          new Row(
              "sender-not-now",
              EnumSet.of(MAIL),
              yz(4).and(subject(1)),
              deferred(Reach.MESSAGE, Where.ANY)),
          new Row(
              "client-not-now",
              EnumSet.of(MAIL),
              yz(4).and(subject(7)),
              deferred(Reach.MESSAGE, Where.ELSEWHERE)),
          new Row("server-not-now", EnumSet.of(MAIL), yz(4), BROKEN_SERVICE),
          new Row("message-refused", EnumSet.of(MAIL), yz(5), bounced(Reach.MESSAGE)),
          new Row(
              "too-many-recipients",
              EnumSet.of(RCPT),
              ReplyWords::tooManyRecipients,
              new Verdict(Type.DEFERRED, Reach.RECIPIENT, NOT_AGAINST, When.AT_ONCE, Where.HERE)),
          new Row(
              "old-552",
              EnumSet.of(RCPT),
              code(552).and(reply -> reply.enhanced().isEmpty()),
              deferred(Reach.RECIPIENT, Where.ANY)),
          new Row(
              "recipient-in-trouble",
              EnumSet.of(RCPT),
              yz(4).and(subject(3)),
              deferred(Reach.RECIPIENT, Where.ELSEWHERE)),
          new Row(
              "recipient-not-now", EnumSet.of(RCPT), yz(4), deferred(Reach.RECIPIENT, Where.ANY)),
          new Row("recipient-refused", EnumSet.of(RCPT), yz(5), bounced(Reach.RECIPIENT)),
          new Row("system-trouble", BODY, yz(4).and(ReplyWords::systemTrouble), BROKEN_SERVICE),
          new Row("content-not-now", BODY, yz(4), deferred(Reach.MESSAGE, Where.ANY)),
          new Row("content-refused", BODY, yz(5), bounced(Reach.MESSAGE)),
          new Row("delivered", EnumSet.of(FINAL_DOT), yz(2), DELIVERED),
          new Row("unclear-after-dot", EnumSet.of(FINAL_DOT), reply -> true, IN_DOUBT),
          new Row("out-of-place", ANY, reply -> true, BROKEN_DIALOGUE));

  private static final Verdict NOT_OWNED =
      new Verdict(Type.NOT_TRIED, Reach.MESSAGE, NOT_AGAINST, When.GATE, Where.ANY);

  static final FaultRow OWNERSHIP_LOST = new FaultRow("ownership-lost", NOT_OWNED);
  static final FaultRow NO_SESSION_FAULT = new FaultRow("no-session-fault", NO_SESSION);
  static final FaultRow BROKE_BEFORE_DOT = new FaultRow("broke-before-dot", BROKEN_CONNECTION);
  static final FaultRow SILENT_AFTER_DOT = new FaultRow("silent-after-dot", IN_DOUBT);

  private ReplyPolicy() {}

  /** A line of the policy. */
  sealed interface Line {
    String name();

    Verdict verdict();
  }

  /** For replies at these phases that look like this. */
  record Row(String name, Set<Phase> phases, Predicate<Reply> looks, Verdict verdict)
      implements Line {
    boolean matches(Phase phase, Reply reply) {
      return phases.contains(phase) && looks.test(reply);
    }
  }

  /** For what no reply says. */
  record FaultRow(String name, Verdict verdict) implements Line {}

  public static Verdict judge(RecipientResult result) {
    return line(result).verdict();
  }

  /** True when the connection must not be used for another message, although it may still be open. */
  public static boolean endsConnection(List<RecipientResult> results) {
    return results.stream().anyMatch(result -> judge(result).reach() == Reach.CONNECTION);
  }

  static Line line(RecipientResult result) {
    return switch (result) {
      case RecipientResult.Answered answered -> row(answered.phase(), answered.reply());
      case RecipientResult.Faulted faulted -> row(faulted.fault());
      case RecipientResult.InDoubt inDoubt -> SILENT_AFTER_DOT;
    };
  }

  private static Row row(Phase phase, Reply reply) {
    for (Row row : REPLIES) {
      if (row.matches(phase, reply)) {
        return row;
      }
    }
    throw new IllegalStateException("the last row matches everything");
  }

  private static FaultRow row(Fault fault) {
    return switch (fault.kind()) {
      case NOT_FRESH -> OWNERSHIP_LOST;
      case DNS,
          REFUSED,
          CONNECT_TIMEOUT,
          REPLY_TIMEOUT,
          RESET,
          CLOSED,
          TLS,
          OUT_OF_STEP,
          REPLY_TOO_LONG,
          AUTH_WITHOUT_TLS,
          CREDENTIALS,
          WRITE_TIMEOUT ->
          fault.phase().beforeTransaction() ? NO_SESSION_FAULT : BROKE_BEFORE_DOT;
    };
  }

  private static Verdict deferred(Reach reach, Where where) {
    return new Verdict(Type.DEFERRED, reach, NOT_AGAINST, When.SCHEDULE, where);
  }

  private static Verdict bounced(Reach reach) {
    return new Verdict(Type.BOUNCED, reach, NOT_AGAINST, When.NEVER, Where.NOWHERE);
  }

  /** Replies of this first digit, which alone says whether something was accepted (RFC 5321 section 4.2.1). */
  private static Predicate<Reply> yz(int firstDigit) {
    return reply -> reply.code() / 100 == firstDigit;
  }

  private static Predicate<Reply> code(int code) {
    return reply -> reply.code() == code;
  }

  /** The middle number of the enhanced code (RFC 3463 section 3). */
  private static Predicate<Reply> subject(int subject) {
    return reply -> reply.enhanced().filter(known -> known.subject() == subject).isPresent();
  }
}
