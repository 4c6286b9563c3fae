package io.tandemmail.worker.delivery;

import io.tandemmail.smtp.ConnectResult;
import io.tandemmail.smtp.ServerEndpoint;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.worker.watch.ServerWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one loop: opened when needed, kept while it can be used. Each failure to open is told to the server's
 * watch and makes the next one wait longer. Used by the loop's thread, except for {@link #abort}.
 */
final class HeldConnection {
  private static final Duration WAIT_FIRST = Duration.ofMillis(50);
  private static final Duration WAIT_MAX = Duration.ofSeconds(2);

  private final Supplier<ServerEndpoint> configured;
  private final DeliveryContext context;
  private volatile @Nullable SmtpSession session;
  private ServerEndpoint openedAt;
  private Duration wait = WAIT_FIRST;
  private final Object openingLock = new Object();
  private @Nullable Thread opening;
  private boolean cut;

  HeldConnection(Supplier<ServerEndpoint> configured, DeliveryContext context) {
    this.configured = configured;
    this.context = context;
    this.openedAt = configured.get();
  }

  /** The open session, usable or not. */
  Optional<SmtpSession> held() {
    return Optional.ofNullable(session);
  }

  /** Also, whether it still leads to where the configuration says. */
  boolean isUsable() {
    SmtpSession current = session;
    return current != null && current.usable() && openedAt.leadsTo(configured.get());
  }

  /** False when it could not be opened; a little time has passed then, unless it was cut. */
  boolean open() throws InterruptedException {
    ServerEndpoint endpoint = configured.get();
    openedAt = endpoint;
    ServerWatch watch = context.watches().of(endpoint.server().id());
    Optional<ConnectResult> answer;
    watch.openingBegan();
    try {
      answer = connect(endpoint);
    } finally {
      watch.openingEnded();
    }
    if (answer.isEmpty()) {
      return false;
    }
    String fault;
    switch (answer.get()) {
      case ConnectResult.Connected connected -> {
        session = connected.session();
        wait = WAIT_FIRST;
        watch.sessionOpened(context.transport().oddity(endpoint).orElse(""));
        return true;
      }
      case ConnectResult.Refused refused ->
          fault = refused.reply() + " at " + refused.phase().wireName();
      case ConnectResult.Unreachable unreachable -> fault = unreachable.fault().toString();
    }
    watch.sessionFailed(fault);
    long waitMillis = wait.toMillis();
    context
        .signal()
        .await(
            Duration.ofMillis(waitMillis / 2 + ThreadLocalRandom.current().nextLong(waitMillis)));
    Duration doubled = wait.multipliedBy(2);
    wait = doubled.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : doubled;
    return false;
  }

  /**
   * Ends an opening under way; from any thread. A server that went out of service without a word would keep its thread, and
   * the mail that waits for it, for minutes (RFC 5321 section 4.5.3.2.1). Nothing was said of any message yet.
   */
  void cutOpening() {
    synchronized (openingLock) {
      if (opening != null) {
        cut = true;
        opening.interrupt();
      }
    }
  }

  /** Empty when it was cut. */
  private Optional<ConnectResult> connect(ServerEndpoint endpoint) {
    synchronized (openingLock) {
      opening = Thread.currentThread();
    }
    ConnectResult result = context.transport().connect(endpoint);
    boolean wasCut;
    synchronized (openingLock) {
      opening = null;
      wasCut = cut;
      cut = false;
      if (wasCut) {
        // Meant for the opening only.
        Thread.interrupted();
      }
    }
    if (wasCut && result instanceof ConnectResult.Connected late) {
      // The interrupt came when all was done: a channel closes at the next use of it.
      late.session().abort();
    }
    return wasCut ? Optional.empty() : Optional.of(result);
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
