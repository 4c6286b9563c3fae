package io.tandemmail.worker.delivery;

import io.tandemmail.model.server.ServerObservation.Kind;
import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one loop: opened when needed, kept while it can be used. Each failure to open is told to the server's
 * watch and makes the next one wait longer. Used by the loop's thread, except for {@link #abort}.
 */
final class HeldConnection {
  private static final Duration WAIT_FIRST = Duration.ofMillis(50);
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);

  private final ServerEndpoint endpoint;
  private final DeliveryContext context;
  private volatile @Nullable SmtpSession session;
  private Duration wait = WAIT_FIRST;

  HeldConnection(ServerEndpoint endpoint, DeliveryContext context) {
    this.endpoint = endpoint;
    this.context = context;
  }

  /** The open session, usable or not. */
  Optional<SmtpSession> held() {
    return Optional.ofNullable(session);
  }

  boolean isUsable() {
    SmtpSession current = session;
    return current != null && current.usable();
  }

  /** False when it could not be opened; a little time has passed then. */
  boolean open() throws InterruptedException {
    String fault;
    switch (context.transport().connect(endpoint)) {
      case ConnectResult.Connected connected -> {
        session = connected.session();
        wait = WAIT_FIRST;
        return true;
      }
      case ConnectResult.Refused refused ->
          fault = refused.reply() + " at " + refused.phase().wireName();
      case ConnectResult.Unreachable unreachable -> fault = unreachable.fault().toString();
    }
    context.watches().of(endpoint.server().id()).failed(Kind.PASSIVE, fault);
    long waitMillis = wait.toMillis();
    context
        .signal()
        .await(
            Duration.ofMillis(waitMillis / 2 + ThreadLocalRandom.current().nextLong(waitMillis)));
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : doubled;
    return false;
  }

  void close() {
    SmtpSession current = session;
    session = null;
    if (current != null) {
      current.close();
    }
  }

  /** Closes the socket under whatever is going on; from any thread. */
  void abort() {
    SmtpSession current = session;
    if (current != null) {
      current.abort();
    }
  }
}
