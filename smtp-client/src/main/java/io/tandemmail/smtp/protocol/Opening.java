package io.tandemmail.smtp.protocol;

import io.tandemmail.smtp.EnhancedCode;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From the greeting to ready for mail: EHLO, else HELO; STARTTLS and EHLO again (RFC 3207); AUTH (RFC 4954). Told one reply at a
 * time, answers with what to do next. Forgets everything the server said before TLS.
 */
public final class Opening {
  /**
   * What is wanted of a connection.
   *
   * @param encrypted TLS is up from the first byte
   * @param clearTextLogin a password may go without TLS: to this very machine only
   */
  public record Plan(
      String ehloName,
      StartTls startTls,
      boolean encrypted,
      Optional<Login> login,
      boolean clearTextLogin) {}

  /** Whether to ask for TLS. */
  public enum StartTls {
    NEVER,
    IF_OFFERED,
    REQUIRED
  }

  /** What the shell has to do. */
  public sealed interface Next {
    /** Send the command, read one reply, whose deadline is the phase's. The command may hold a secret: log it never. */
    record Ask(String command, Phase phase) implements Next {
      @Override
      public String toString() {
        return "Ask[" + phase + "]";
      }
    }

    /** Do the TLS handshake, unless there is unread input, then say {@link Opening#secured}. */
    record Secure() implements Next {}

    record Ready(Capabilities capabilities) implements Next {}

    record Refused(Phase phase, Reply reply) implements Next {}

    record Broken(Fault fault) implements Next {}
  }

  private enum State {
    GREETING,
    EHLO,
    HELO,
    STARTTLS,
    AUTH
  }

  private final Plan plan;
  private State state = State.GREETING;
  private boolean encrypted;
  private Capabilities offered = Capabilities.NONE;
  private @Nullable Mechanism mechanism;
  private int challenges;

  public Opening(Plan plan) {
    this.plan = plan;
    this.encrypted = plan.encrypted();
  }

  /** The server's reply to the last command, or its greeting. */
  public Next replied(Reply reply) {
    return switch (state) {
      case GREETING -> reply.positive() ? ehlo() : new Next.Refused(Phase.GREETING, reply);
      case EHLO -> afterEhlo(reply);
      case HELO -> reply.positive() ? authenticate() : new Next.Refused(Phase.EHLO, reply);
      case STARTTLS -> afterStartTls(reply);
      case AUTH -> afterAuth(reply);
    };
  }

  /** TLS is up; what was offered in plain text counts no more. */
  public Next secured() {
    encrypted = true;
    offered = Capabilities.NONE;
    return ehlo();
  }

  private Next ehlo() {
    state = State.EHLO;
    return new Next.Ask("EHLO " + plan.ehloName(), Phase.EHLO);
  }

  private Next afterEhlo(Reply reply) {
    if (reply.positive()) {
      offered = Capabilities.of(reply);
      return startTls();
    }
    boolean unknownCommand = reply.code() == 500 || reply.code() == 502 || reply.code() == 504;
    if (!unknownCommand) {
      return new Next.Refused(Phase.EHLO, reply);
    }
    if (plan.startTls() == StartTls.REQUIRED && !encrypted) {
      return noStartTls();
    }
    state = State.HELO;
    return new Next.Ask("HELO " + plan.ehloName(), Phase.EHLO);
  }

  private Next startTls() {
    if (encrypted || plan.startTls() == StartTls.NEVER) {
      return authenticate();
    }
    if (offered.offers("STARTTLS")) {
      state = State.STARTTLS;
      return new Next.Ask("STARTTLS", Phase.STARTTLS);
    }
    return plan.startTls() == StartTls.REQUIRED ? noStartTls() : authenticate();
  }

  private static Next noStartTls() {
    return new Next.Broken(
        new Fault(
            Fault.Kind.TLS, Phase.STARTTLS, "TLS is required and the server offers no STARTTLS"));
  }

  private Next afterStartTls(Reply reply) {
    if (reply.positive()) {
      return new Next.Secure();
    }
    return plan.startTls() == StartTls.REQUIRED
        ? new Next.Refused(Phase.STARTTLS, reply)
        : authenticate();
  }

  private Next authenticate() {
    if (plan.login().isEmpty()) {
      return new Next.Ready(offered);
    }
    if (!encrypted && !plan.clearTextLogin()) {
      return new Next.Broken(
          new Fault(
              Fault.Kind.AUTH_WITHOUT_TLS,
              Phase.AUTH,
              "not sending a password without TLS; set tls: required"));
    }
    Login login = plan.login().get();
    Optional<Mechanism> chosen = login.choose(offered, encrypted);
    if (chosen.isEmpty()) {
      Reply none =
          new Reply(
              504,
              Optional.of(new EnhancedCode(5, 5, 4)),
              "the server offers no AUTH mechanism that can be used, it offers "
                  + String.join(" ", offered.authMechanisms()));
      return new Next.Refused(Phase.AUTH, none);
    }
    state = State.AUTH;
    mechanism = chosen.get();
    String initial = mechanism.initialResponse(login).map(response -> " " + response).orElse("");
    return new Next.Ask("AUTH " + mechanism.wireName() + initial, Phase.AUTH);
  }

  private Next afterAuth(Reply reply) {
    if (reply.positive()) {
      return new Next.Ready(offered);
    }
    if (!reply.intermediate() || mechanism == null) {
      return new Next.Refused(Phase.AUTH, reply);
    }
    // One challenge more than any mechanism has is answered, with a cancel; a further one is a
    // refusal.
    if (challenges > 2) {
      return new Next.Refused(Phase.AUTH, reply);
    }
    Login login = plan.login().orElseThrow();
    return new Next.Ask(mechanism.respond(login, challenges++, reply.text()), Phase.AUTH);
  }
}
