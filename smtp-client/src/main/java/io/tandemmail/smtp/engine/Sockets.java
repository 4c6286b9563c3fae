package io.tandemmail.smtp.engine;

import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** A connected socket. */
final class Sockets {
  /**
   * A machine that lost its power while a reply is waited for is found out after a minute instead of the RFC's ten; one that
   * is only slow answers these by itself.
   */
  private static final int KEEPALIVE_IDLE_SECONDS = 30;

  private static final int KEEPALIVE_INTERVAL_SECONDS = 10;
  private static final int KEEPALIVE_PROBES = 3;

  private Sockets() {}

  static SocketChannel connect(
      Optional<InetAddress> source, InetSocketAddress address, Duration within) throws SmtpFailure {
    try {
      SocketChannel channel = SocketChannel.open();
      try {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        keepAlive(channel);
        if (source.isPresent()) {
          channel.bind(new InetSocketAddress(source.get(), 0));
        }
        channel.socket().connect(address, (int) within.toMillis());
        return channel;
      } catch (IOException e) {
        closeNow(channel);
        throw e;
      }
    } catch (SocketTimeoutException e) {
      throw failure(Fault.Kind.CONNECT_TIMEOUT, address.getAddress() + " did not answer");
    } catch (IOException e) {
      throw failure(Fault.Kind.REFUSED, e.getMessage() + " (" + address.getAddress() + ")");
    }
  }

  static void closeNow(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException alreadyGone) {
      // Closing is all that was wanted.
    }
  }

  private static void keepAlive(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL_SECONDS);
      channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
    }
  }

  private static SmtpFailure failure(Fault.Kind kind, String detail) {
    return new SmtpFailure(new Fault(kind, Phase.CONNECT, detail));
  }
}
