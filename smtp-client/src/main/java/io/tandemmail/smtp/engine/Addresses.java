package io.tandemmail.smtp.engine;

import io.tandemmail.model.settings.ServerSettings;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.ServerEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/** From a host's name to a connected socket: each of its addresses in turn, IPv4 or IPv6, until one answers (RFC 5321 section 5.1). */
final class Addresses {
  private Addresses() {}

  static SocketChannel connect(ServerEndpoint endpoint) throws SmtpFailure {
    ServerSettings server = endpoint.server();
    Optional<InetAddress> source = source(server);
    SmtpFailure last = failure(Fault.Kind.DNS, "host " + server.host() + " has no address");
    for (InetAddress address : resolve(server.host())) {
      boolean sameFamily =
          source.map(InetAddress::getClass).map(address.getClass()::equals).orElse(true);
      if (!sameFamily) {
        continue;
      }
      try {
        return connect(
            source, new InetSocketAddress(address, server.port()), endpoint.connectTimeout());
      } catch (SocketTimeoutException e) {
        last = failure(Fault.Kind.CONNECT_TIMEOUT, address + " did not answer");
      } catch (IOException e) {
        last = failure(Fault.Kind.REFUSED, e.getMessage() + " (" + address + ")");
      }
    }
    throw last;
  }

  private static InetAddress[] resolve(String host) throws SmtpFailure {
    try {
      return InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      throw failure(Fault.Kind.DNS, "host " + host + " has no address");
    }
  }

  private static Optional<InetAddress> source(ServerSettings server) throws SmtpFailure {
    Optional<String> configured = server.client().sourceAddress();
    if (configured.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(configured.get()));
    } catch (UnknownHostException e) {
      throw failure(Fault.Kind.DNS, "source-address " + configured.get() + " is no address");
    }
  }

  private static SocketChannel connect(
      Optional<InetAddress> source, InetSocketAddress address, Duration within) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      if (source.isPresent()) {
        channel.bind(new InetSocketAddress(source.get(), 0));
      }
      channel.socket().connect(address, (int) within.toMillis());
      return channel;
    } catch (IOException e) {
      closeNow(channel);
      throw e;
    }
  }

  static void closeNow(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }

  private static SmtpFailure failure(Fault.Kind kind, String detail) {
    return new SmtpFailure(new Fault(kind, Phase.CONNECT, detail));
  }
}
