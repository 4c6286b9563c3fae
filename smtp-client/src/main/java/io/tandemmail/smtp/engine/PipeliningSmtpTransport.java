package io.tandemmail.smtp.engine;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.ReplyTimeouts;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.LoginSource;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpTransport;
import io.tandemmail.smtp.protocol.Login;
import io.tandemmail.smtp.protocol.Opening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections: does what {@link Opening} asks for, from the first byte to ready for mail. */
public final class PipeliningSmtpTransport implements SmtpTransport, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipeliningSmtpTransport.class);

  /** While the host has other addresses, one of them may take this long to connect and to greet. */
  private static final Duration ONE_OF_SEVERAL = Duration.ofSeconds(2);

  private final Addresses addresses;
  private final TlsContexts tls = new TlsContexts();
  private final WriteDeadlines deadlines = new WriteDeadlines();
  private final Set<String> warnedOfClearText = ConcurrentHashMap.newKeySet();

  public PipeliningSmtpTransport() {
    this(new Addresses(InetAddress::getAllByName, System::nanoTime));
  }

  PipeliningSmtpTransport(Addresses addresses) {
    this.addresses = addresses;
  }

  @Override
  public ConnectResult connect(ServerEndpoint endpoint) {
    ConnectResult result = connect(endpoint, startTls(endpoint.server().security().tls()));
    boolean clearTextIsBetterThanNothing =
        endpoint.server().security().tls() == Tls.OPPORTUNISTIC
            && result instanceof ConnectResult.Unreachable unreachable
            && unreachable.fault().kind() == Fault.Kind.TLS;
    return clearTextIsBetterThanNothing ? connect(endpoint, Opening.StartTls.NEVER) : result;
  }

  @Override
  public Optional<String> oddity(ServerEndpoint endpoint) {
    return addresses.oddity(endpoint);
  }

  @Override
  public void close() {
    deadlines.close();
  }

  /** At the first address that answers; the last fault when none does. */
  private ConnectResult connect(ServerEndpoint endpoint, Opening.StartTls startTls) {
    List<InetSocketAddress> inOrder;
    try {
      inOrder = addresses.inOrder(endpoint);
    } catch (SmtpFailure e) {
      return new ConnectResult.Unreachable(e.fault());
    }
    int left = inOrder.size();
    for (InetSocketAddress address : inOrder) {
      left--;
      ConnectResult result = connect(address, left > 0 ? impatient(endpoint) : endpoint, startTls);
      Optional<Fault> silent = addressAtFault(result);
      if (silent.isEmpty()) {
        addresses.answered(address);
        return result;
      }
      if (left == 0 || Thread.currentThread().isInterrupted()) {
        return result;
      }
      addresses.failed(address, silent.get());
    }
    throw new IllegalStateException("a host without addresses was refused before");
  }

  /** It could not be reached, or did not greet; what comes after is the server's own, wherever it answers. */
  private static Optional<Fault> addressAtFault(ConnectResult result) {
    return result instanceof ConnectResult.Unreachable unreachable
            && (unreachable.fault().phase() == Phase.CONNECT
                || unreachable.fault().phase() == Phase.GREETING)
        ? Optional.of(unreachable.fault())
        : Optional.empty();
  }

  private static ServerEndpoint impatient(ServerEndpoint endpoint) {
    ReplyTimeouts usual = endpoint.timeouts();
    return endpoint.within(
        shorter(endpoint.connectTimeout(), ONE_OF_SEVERAL),
        new ReplyTimeouts(
            shorter(usual.greeting(), ONE_OF_SEVERAL),
            usual.command(),
            usual.data(),
            usual.write(),
            usual.finalDot()));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private ConnectResult connect(
      InetSocketAddress address, ServerEndpoint endpoint, Opening.StartTls startTls) {
    SocketChannel channel;
    try {
      channel = Sockets.connect(Addresses.source(endpoint), address, endpoint.connectTimeout());
    } catch (SmtpFailure e) {
      return new ConnectResult.Unreachable(e.fault());
    }
    try {
      Wire wire = new Wire(channel, deadlines);
      try {
        return open(wire, endpoint, startTls);
      } catch (SmtpFailure e) {
        wire.closeNow();
        return new ConnectResult.Unreachable(e.fault());
      }
    } catch (IOException e) {
      Sockets.closeNow(channel);
      return new ConnectResult.Unreachable(SmtpFailure.of(e, Phase.CONNECT).fault());
    }
  }

  private ConnectResult open(Wire wire, ServerEndpoint endpoint, Opening.StartTls startTls)
      throws SmtpFailure {
    ServerSettings server = endpoint.server();
    wire.writeWithin(endpoint.timeouts().write());
    boolean implicit = server.security().tls() == Tls.IMPLICIT;
    if (implicit) {
      secure(wire, endpoint);
    }
    Opening opening = new Opening(plan(wire, endpoint, startTls, implicit));
    Opening.Next next = opening.replied(wire.reply(Phase.GREETING, endpoint.timeouts().greeting()));
    while (true) {
      switch (next) {
        case Opening.Next.Ask ask -> next = opening.replied(ask(wire, ask, endpoint.timeouts()));
        case Opening.Next.Secure secure -> {
          refusePlainTextBehindStartTls(wire);
          secure(wire, endpoint);
          next = opening.secured();
        }
        case Opening.Next.Ready ready -> {
          return new ConnectResult.Connected(
              new SmtpConnection(wire, ready.capabilities(), endpoint));
        }
        case Opening.Next.Refused refused -> {
          wire.closeNow();
          return new ConnectResult.Refused(refused.phase(), refused.reply());
        }
        case Opening.Next.Broken broken -> throw new SmtpFailure(broken.fault());
      }
    }
  }

  private Opening.Plan plan(
      Wire wire, ServerEndpoint endpoint, Opening.StartTls startTls, boolean encrypted)
      throws SmtpFailure {
    InetAddress peer = wire.socket().getInetAddress();
    boolean loopback = peer != null && peer.isLoopbackAddress();
    Optional<LoginSource> source = endpoint.login();
    if (source.isEmpty()) {
      return new Opening.Plan(endpoint.ehloName(), startTls, encrypted, Optional.empty(), loopback);
    }
    boolean clearText = !encrypted && startTls == Opening.StartTls.NEVER && loopback;
    if (clearText && warnedOfClearText.add(endpoint.server().id())) {
      LOG.warn(
          "servers.{}: the password is sent without TLS, which is done to loopback only",
          endpoint.server().id());
    }
    return new Opening.Plan(
        endpoint.ehloName(), startTls, encrypted, Optional.of(read(source.get())), loopback);
  }

  private static Login read(LoginSource source) throws SmtpFailure {
    try {
      return source.read();
    } catch (IOException e) {
      throw new SmtpFailure(
          new Fault(Fault.Kind.CREDENTIALS, Phase.AUTH, String.valueOf(e.getMessage())));
    }
  }

  static Reply ask(Wire wire, Opening.Next.Ask ask, ReplyTimeouts timeouts) throws SmtpFailure {
    byte[] line = (ask.command() + "\r\n").getBytes(StandardCharsets.UTF_8);
    try {
      wire.bytes(line, 0, line.length);
      wire.flush();
    } catch (IOException e) {
      throw SmtpFailure.whileWriting(e, ask.phase());
    }
    return wire.reply(ask.phase(), timeouts.command());
  }

  /** RFC 3207 section 6: what stands behind the reply could have been put there by anyone. */
  static void refusePlainTextBehindStartTls(Wire wire) throws SmtpFailure {
    boolean unread;
    try {
      unread = wire.hasUnreadInput();
    } catch (IOException e) {
      throw SmtpFailure.of(e, Phase.STARTTLS);
    }
    if (unread) {
      throw new SmtpFailure(
          new Fault(
              Fault.Kind.OUT_OF_STEP, Phase.STARTTLS, "plain text after the reply to STARTTLS"));
    }
  }

  private void secure(Wire wire, ServerEndpoint endpoint) throws SmtpFailure {
    Duration within = endpoint.connectTimeout();
    try {
      SSLSocket secured = tls.wrap(wire.socket(), endpoint.server());
      wire.handshake(secured, within);
    } catch (IOException e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new SmtpFailure(new Fault(Fault.Kind.TLS, Phase.STARTTLS, message));
    }
  }

  static Opening.StartTls startTls(Tls tls) {
    return switch (tls) {
      case NONE, IMPLICIT -> Opening.StartTls.NEVER;
      case OPPORTUNISTIC -> Opening.StartTls.IF_OFFERED;
      case REQUIRED -> Opening.StartTls.REQUIRED;
    };
  }
}
