package io.tandemmail.worker.smtp.engine;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.model.settings.ServerSettings.Tls;
import io.tandemmail.worker.smtp.ConnectResult;
import io.tandemmail.worker.smtp.Fault;
import io.tandemmail.worker.smtp.Phase;
import io.tandemmail.worker.smtp.Reply;
import io.tandemmail.worker.smtp.ServerEndpoint;
import io.tandemmail.worker.smtp.SmtpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens connections: every address of the host in turn, then greeting, EHLO, STARTTLS and AUTH as configured. */
public final class PipeliningSmtpTransport implements SmtpTransport {
  private final TlsContexts tls = new TlsContexts();

  @Override
  public ConnectResult connect(ServerEndpoint endpoint) {
    SocketChannel channel;
    try {
      channel = open(endpoint);
    } catch (SmtpFailure e) {
      return new ConnectResult.Unreachable(e.fault());
    }
    try {
      return greet(new Wire(channel), endpoint);
    } catch (SmtpFailure e) {
      closeNow(channel);
      return new ConnectResult.Unreachable(e.fault());
    } catch (IOException e) {
      closeNow(channel);
      return new ConnectResult.Unreachable(SmtpFailure.of(e, Phase.CONNECT).fault());
    }
  }

  private ConnectResult greet(Wire wire, ServerEndpoint endpoint) throws SmtpFailure, IOException {
    ServerSettings server = endpoint.server();
    if (server.tls() == Tls.IMPLICIT) {
      secure(wire, server);
    }
    Reply greeting = wire.reply(Phase.GREETING, endpoint.timeouts().greeting());
    if (!greeting.positive()) {
      return refused(wire, Phase.GREETING, greeting);
    }
    Handshake handshake = ehlo(wire, endpoint);
    if (handshake.refusal != null) {
      return refused(wire, Phase.EHLO, handshake.refusal);
    }
    boolean wanted = server.tls() == Tls.REQUIRED || server.tls() == Tls.OPPORTUNISTIC;
    if (wanted && handshake.capabilities.offers("STARTTLS")) {
      Reply ready = ask(wire, "STARTTLS", Phase.STARTTLS, endpoint.timeouts().command());
      if (ready.positive()) {
        if (wire.hasUnreadInput()) {
          throw new SmtpFailure(
              new Fault(
                  Fault.Kind.OUT_OF_STEP,
                  Phase.STARTTLS,
                  "plain text after the reply to STARTTLS"));
        }
        secure(wire, server);
        handshake = ehlo(wire, endpoint);
        if (handshake.refusal != null) {
          return refused(wire, Phase.EHLO, handshake.refusal);
        }
      } else if (server.tls() == Tls.REQUIRED) {
        return refused(wire, Phase.STARTTLS, ready);
      }
    } else if (server.tls() == Tls.REQUIRED) {
      throw new SmtpFailure(
          new Fault(
              Fault.Kind.TLS, Phase.STARTTLS, "TLS is required and the server offers no STARTTLS"));
    }
    Reply refusal = Authentication.run(wire, handshake.capabilities, endpoint);
    if (refusal != null) {
      return refused(wire, Phase.AUTH, refusal);
    }
    return new ConnectResult.Connected(new SmtpConnection(wire, handshake.capabilities, endpoint));
  }

  private record Handshake(Capabilities capabilities, @Nullable Reply refusal) {}

  private static Handshake ehlo(Wire wire, ServerEndpoint endpoint) throws SmtpFailure {
    Duration within = endpoint.timeouts().command();
    Reply ehlo = ask(wire, "EHLO " + endpoint.ehloName(), Phase.EHLO, within);
    if (ehlo.positive()) {
      return new Handshake(Capabilities.of(ehlo), null);
    }
    boolean unknownCommand = ehlo.code() == 500 || ehlo.code() == 502 || ehlo.code() == 504;
    if (!unknownCommand) {
      return new Handshake(Capabilities.NONE, ehlo);
    }
    Reply helo = ask(wire, "HELO " + endpoint.ehloName(), Phase.EHLO, within);
    return new Handshake(Capabilities.NONE, helo.positive() ? null : helo);
  }

  static Reply ask(Wire wire, String command, Phase phase, Duration within) throws SmtpFailure {
    try {
      wire.command(command);
      wire.flush();
    } catch (IOException e) {
      throw SmtpFailure.of(e, phase);
    }
    return wire.reply(phase, within);
  }

  private void secure(Wire wire, ServerSettings server) throws SmtpFailure {
    try {
      SSLSocket secured = tls.wrap(wire.socket(), server);
      secured.setSoTimeout((int) server.connectTimeout().toMillis());
      secured.startHandshake();
      wire.secured(secured);
    } catch (IOException e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new SmtpFailure(new Fault(Fault.Kind.TLS, Phase.STARTTLS, message));
    }
  }

  private static ConnectResult refused(Wire wire, Phase phase, Reply reply) {
    wire.closeNow();
    return new ConnectResult.Refused(phase, reply);
  }

  private static SocketChannel open(ServerEndpoint endpoint) throws SmtpFailure {
    ServerSettings server = endpoint.server();
    InetAddress[] addresses;
    try {
      addresses = InetAddress.getAllByName(server.host());
    } catch (UnknownHostException e) {
      throw new SmtpFailure(
          new Fault(Fault.Kind.DNS, Phase.CONNECT, "host " + server.host() + " has no address"));
    }
    SmtpFailure last =
        new SmtpFailure(new Fault(Fault.Kind.DNS, Phase.CONNECT, "host has no address"));
    for (InetAddress address : addresses) {
      try {
        return open(new InetSocketAddress(address, server.port()), endpoint.timeouts().connect());
      } catch (SocketTimeoutException e) {
        last =
            new SmtpFailure(
                new Fault(Fault.Kind.CONNECT_TIMEOUT, Phase.CONNECT, address + " did not answer"));
      } catch (IOException e) {
        last =
            new SmtpFailure(
                new Fault(
                    Fault.Kind.REFUSED, Phase.CONNECT, e.getMessage() + " (" + address + ")"));
      }
    }
    throw last;
  }

  private static SocketChannel open(InetSocketAddress address, Duration within) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.socket().connect(address, (int) within.toMillis());
      return channel;
    } catch (IOException e) {
      closeNow(channel);
      throw e;
    }
  }

  private static void closeNow(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }
}
