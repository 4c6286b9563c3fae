package io.tandemmail.smtp.engine;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.Survey;
import io.tandemmail.smtp.Survey.Login;
import io.tandemmail.smtp.protocol.Capabilities;
import io.tandemmail.smtp.protocol.Opening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/**
 * Asks servers what they offer and shows what they are: EHLO, STARTTLS, the certificate, AUTH, QUIT. Goes on where a
 * connection for mail would end, so that all that is wrong is seen at once; but a password goes only where it would go then.
 */
public final class ServerSurvey implements AutoCloseable {
  private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final Duration QUIT_WAIT = Duration.ofSeconds(2);
  private static final int TRANSIENT_FIRST = 400;
  private static final int PERMANENT_FIRST = 500;

  private final WriteDeadlines deadlines = new WriteDeadlines();

  @Override
  public void close() {
    deadlines.close();
  }

  /** Never throws for what servers and networks do. */
  public Survey survey(ServerEndpoint endpoint) {
    Notes notes = new Notes(addresses(endpoint.server().host()));
    SocketChannel channel;
    try {
      channel = connect(endpoint);
    } catch (SmtpFailure e) {
      return notes.ended(e.fault());
    }
    Wire wire;
    try {
      wire = new Wire(channel, deadlines);
    } catch (IOException e) {
      Sockets.closeNow(channel);
      return notes.ended(SmtpFailure.of(e, Phase.CONNECT).fault());
    }
    try {
      return new Dialogue(wire, endpoint, notes).run();
    } catch (SmtpFailure e) {
      return notes.ended(e.fault());
    } finally {
      wire.closeNow();
    }
  }

  /** The first address that can be reached. */
  private static SocketChannel connect(ServerEndpoint endpoint) throws SmtpFailure {
    Iterator<InetSocketAddress> left =
        new Addresses(InetAddress::getAllByName, System::nanoTime).inOrder(endpoint).iterator();
    while (true) {
      try {
        return Sockets.connect(Addresses.source(endpoint), left.next(), endpoint.connectTimeout());
      } catch (SmtpFailure e) {
        if (!left.hasNext()) {
          throw e;
        }
      }
    }
  }

  private static List<String> addresses(String host) {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(InetAddress::getHostAddress)
          .toList();
    } catch (UnknownHostException noAddress) {
      return List.of();
    }
  }

  /** What is known so far. */
  private static final class Notes {
    private final List<String> addresses;
    private Optional<Capabilities> offered = Optional.empty();
    private boolean startTls;
    private Optional<Survey.PeerTls> tls = Optional.empty();
    private Login login = new Login.NotTried();

    Notes(List<String> addresses) {
      this.addresses = addresses;
    }

    Survey ended(Fault fault) {
      return ended(
          fault.phase(), fault.kind() + (fault.detail().isEmpty() ? "" : ": " + fault.detail()));
    }

    Survey ended(Phase phase, String what) {
      return survey(Optional.of(new Survey.End(phase, what)));
    }

    Survey survey(Optional<Survey.End> end) {
      return new Survey(addresses, offered, startTls, tls, login, end);
    }
  }

  /** One connection. */
  private static final class Dialogue {
    private final Wire wire;
    private final ServerEndpoint endpoint;
    private final ServerSettings server;
    private final Notes notes;
    private Opening opening;

    Dialogue(Wire wire, ServerEndpoint endpoint, Notes notes) throws SmtpFailure {
      this.wire = wire;
      this.endpoint = endpoint;
      this.server = endpoint.server();
      this.notes = notes;
      wire.writeWithin(endpoint.timeouts().write());
      boolean implicit = server.security().tls() == Tls.IMPLICIT;
      this.opening = opening(implicit, true);
      if (implicit) {
        secure();
        opening = opening(true, mayLogIn());
      }
    }

    Survey run() throws SmtpFailure {
      Opening.Next next =
          opening.replied(wire.reply(Phase.GREETING, endpoint.timeouts().greeting()));
      while (true) {
        switch (next) {
          case Opening.Next.Ask ask -> next = opening.replied(ask(ask));
          case Opening.Next.Secure secure -> {
            PipeliningSmtpTransport.refusePlainTextBehindStartTls(wire);
            secure();
            // What was said before TLS counts no more, and an untrusted server gets no password.
            opening = opening(true, mayLogIn());
            next = opening.secured();
          }
          case Opening.Next.Ready ready -> {
            boolean loggedIn =
                endpoint.login().isPresent() && notes.login instanceof Login.NotTried;
            notes.login = loggedIn ? new Login.Accepted() : notes.login;
            return quit();
          }
          case Opening.Next.Refused refused -> {
            return refused(refused.phase(), refused.reply());
          }
          case Opening.Next.Broken broken -> {
            return broken(broken.fault());
          }
        }
      }
    }

    /** A refused login is an answer; any other refusal ends what can be seen. */
    private Survey refused(Phase phase, Reply reply) throws SmtpFailure {
      boolean later = reply.code() >= TRANSIENT_FIRST && reply.code() < PERMANENT_FIRST;
      if (phase != Phase.AUTH || later) {
        return notes.ended(phase, reply.toString());
      }
      notes.login = new Login.Refused(reply);
      return quit();
    }

    private Survey broken(Fault fault) throws SmtpFailure {
      if (fault.kind() == Fault.Kind.AUTH_WITHOUT_TLS) {
        notes.login = new Login.Withheld(fault.detail());
        return quit();
      }
      // STARTTLS was wanted and is not offered: seen, said by the notes, and all that there is.
      return notes.offered.isPresent() && fault.phase() == Phase.STARTTLS
          ? quit()
          : notes.ended(fault);
    }

    private Opening opening(boolean encrypted, boolean logIn) throws SmtpFailure {
      Optional<io.tandemmail.smtp.protocol.Login> login = Optional.empty();
      if (logIn && endpoint.login().isPresent()) {
        try {
          login = Optional.of(endpoint.login().get().read());
        } catch (IOException e) {
          notes.login = new Login.Withheld(String.valueOf(e.getMessage()));
        }
      }
      InetAddress peer = wire.socket().getInetAddress();
      return new Opening(
          new Opening.Plan(
              endpoint.ehloName(),
              PipeliningSmtpTransport.startTls(server.security().tls()),
              encrypted,
              login,
              peer != null && peer.isLoopbackAddress()));
    }

    private boolean mayLogIn() {
      boolean trusted = notes.tls.isPresent() && notes.tls.get().distrust().isEmpty();
      if (!trusted && TlsContexts.verifies(server) && endpoint.login().isPresent()) {
        notes.login = new Login.Withheld("the certificate is not trusted");
        return false;
      }
      return true;
    }

    private Reply ask(Opening.Next.Ask ask) throws SmtpFailure {
      Reply reply = PipeliningSmtpTransport.ask(wire, ask, endpoint.timeouts());
      if (ask.phase() == Phase.EHLO && reply.positive()) {
        Capabilities offered = Capabilities.of(reply);
        notes.offered = Optional.of(offered);
        notes.startTls |= offered.offers("STARTTLS");
      }
      return reply;
    }

    private void secure() throws SmtpFailure {
      try {
        PeerWitness witness = TlsContexts.witness(server);
        SSLSocket secured =
            TlsContexts.wrap(TlsContexts.witnessed(server, witness), wire.socket(), server, true);
        wire.handshake(secured, endpoint.connectTimeout());
        notes.tls =
            witness
                .certificate()
                .map(shown ->
                    new Survey.PeerTls(
                        secured.getSession().getProtocol(), shown, witness.distrust()));
      } catch (IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        throw new SmtpFailure(new Fault(Fault.Kind.TLS, Phase.STARTTLS, message));
      }
    }

    private Survey quit() {
      try {
        wire.bytes(QUIT, 0, QUIT.length);
        wire.flush();
        wire.reply(Phase.QUIT, QUIT_WAIT);
      } catch (IOException | SmtpFailure goneAlready) {
        // All that was wanted is known.
      }
      return notes.survey(Optional.empty());
    }
  }
}
