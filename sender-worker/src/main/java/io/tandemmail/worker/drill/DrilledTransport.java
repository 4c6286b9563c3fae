package io.tandemmail.worker.drill;

import io.tandemmail.model.server.Drill;
import io.tandemmail.model.server.ServerHealth;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.smtp.TransactionResult;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Connections as they are, except while a drill has their server refuse them: then none can be opened, and those that are
 * open end after their transaction. Deliveries and probes both come through here, so the loss is found out as a real one is.
 */
public final class DrilledTransport implements SmtpTransport {
  private final SmtpTransport real;
  private final Function<String, ServerHealth> health;

  public DrilledTransport(SmtpTransport real, Function<String, ServerHealth> health) {
    this.real = real;
    this.health = health;
  }

  @Override
  public ConnectResult connect(ServerEndpoint endpoint) {
    String server = endpoint.server().id();
    Optional<Drill> refusing = refusing(server);
    if (refusing.isPresent()) {
      return new ConnectResult.Unreachable(
          new Fault(Fault.Kind.REFUSED, Phase.CONNECT, "rehearsed by " + refusing.get().id()));
    }
    return switch (real.connect(endpoint)) {
      case ConnectResult.Connected connected ->
          new ConnectResult.Connected(new Session(connected.session(), server));
      case ConnectResult.Refused refused -> refused;
      case ConnectResult.Unreachable unreachable -> unreachable;
    };
  }

  @Override
  public Optional<String> oddity(ServerEndpoint endpoint) {
    return real.oddity(endpoint);
  }

  private Optional<Drill> refusing(String server) {
    return health.apply(server).drill().filter(Drill::refusesConnections);
  }

  /** A session that is not to be used again while its server is rehearsed away. */
  private final class Session implements SmtpSession {
    private final SmtpSession session;
    private final String server;

    Session(SmtpSession session, String server) {
      this.session = session;
      this.server = server;
    }

    @Override
    public boolean usable() {
      return session.usable() && refusing(server).isEmpty();
    }

    @Override
    public TransactionResult deliver(
        MailTransaction mail, BooleanSupplier fresh, Lookahead lookahead) {
      return session.deliver(mail, fresh, lookahead);
    }

    @Override
    public void abort() {
      session.abort();
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
