package io.tandemmail.sink;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail sink: starts, takes mail, can be killed and brought back on the same port.
 *
 * <p>One virtual thread per connection. What it counts, logs and keeps is complete before the client reads 250, so a test may
 * look at it as soon as the sender has its reply.
 */
public final class MailSink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MailSink.class);
  private static final int BACKLOG = 512;
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(50);

  private final SinkConfig config;
  private final Optional<MessageLog> log;
  private final List<ReceivedMessage> kept = new ArrayList<>();
  private final List<Instant> begun = new ArrayList<>();
  private final Set<SinkConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<SinkConnection> mailing = ConcurrentHashMap.newKeySet();
  private final Set<String> greylisted = ConcurrentHashMap.newKeySet();
  private final LongAdder connections = new LongAdder();
  private final AtomicInteger peak = new AtomicInteger();
  private final LongAdder transactions = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder recipients = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile Behaviour behaviour = Behaviour.NORMAL;
  private volatile Duration latency = Duration.ZERO;
  private volatile @Nullable ServerSocket listening;
  private Thread acceptor = Thread.ofPlatform().unstarted(() -> {});
  private volatile int port;

  private MailSink(SinkConfig config, Optional<MessageLog> log) {
    this.config = config;
    this.port = config.port();
    this.log = log;
  }

  /** Listens when it returns. */
  public static MailSink start(SinkConfig config) throws IOException {
    SinkConfig.Recording recording = config.recording();
    Optional<MessageLog> log =
        recording.log().isEmpty()
            ? Optional.empty()
            : Optional.of(MessageLog.open(config.name(), recording.log().get(), recording.fsync()));
    MailSink sink = new MailSink(config, log);
    try {
      sink.restart();
    } catch (IOException e) {
      sink.close();
      throw e;
    }
    return sink;
  }

  /**
   * @param listener told of each message after it is recorded and before it is answered; must be quick
   */
  public static MailSink start(SinkConfig config, Consumer<ReceivedMessage> listener)
      throws IOException {
    return start(config.telling(listener));
  }

  /**
   * Dies: listens no more and resets every connection. Each dies between two transactions, never between recording a message
   * and saying so: what an unread reply does is asked for with {@code close-after-dot}, not left to chance.
   */
  public synchronized void stop() {
    ServerSocket current = listening;
    listening = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException alreadyClosed) {
        // Nothing listens any more, as wanted.
      }
      awaitAcceptor();
    }
    open.forEach(SinkConnection::cut);
  }

  /** Comes back on the port it had. */
  public synchronized void restart() throws IOException {
    if (listening != null) {
      return;
    }
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(config.address(), port), BACKLOG);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    port = socket.getLocalPort();
    listening = socket;
    acceptor =
        Thread.ofPlatform().daemon().name("sink-" + config.name()).start(() -> accept(socket));
  }

  @Override
  public void close() {
    stop();
    if (log.isPresent()) {
      try {
        log.get().close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the log of sink " + config.name(), e);
      }
    }
  }

  public String name() {
    return config.name();
  }

  public String address() {
    return config.address();
  }

  public int port() {
    return port;
  }

  public SinkCounts counts() {
    return new SinkCounts(
        connections.sum(),
        open.size(),
        peak.get(),
        transactions.sum(),
        accepted.sum(),
        recipients.sum(),
        refused.sum());
  }

  /** What was received, in order; empty unless the sink keeps it. */
  public List<ReceivedMessage> received() {
    synchronized (kept) {
      return List.copyOf(kept);
    }
  }

  /** When each MAIL came that was answered 250, in order; empty unless the sink keeps what it receives. */
  public List<Instant> begun() {
    synchronized (begun) {
      return List.copyOf(begun);
    }
  }

  /** From now on, wherever no recipient asks for something else at the same stage. */
  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** Waited once before each group of replies, as a distant server would seem to. */
  public void setLatency(Duration perRoundTrip) {
    latency = perRoundTrip;
  }

  SinkConfig config() {
    return config;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  Duration latency() {
    return latency;
  }

  boolean firstTime(String recipient) {
    return greylisted.add(recipient);
  }

  void transactionBegun(SinkConnection connection) {
    mailing.add(connection);
    peak.accumulateAndGet(mailing.size(), Math::max);
    if (config.recording().keep()) {
      synchronized (begun) {
        begun.add(Instant.now());
      }
    }
    transactions.increment();
  }

  void refused() {
    refused.increment();
  }

  /** Records; when this fails the message was not taken. */
  void take(ReceivedMessage message) throws IOException {
    if (log.isPresent()) {
      log.get().write(message);
    }
    if (config.recording().keep()) {
      synchronized (kept) {
        kept.add(message);
      }
    }
    accepted.increment();
    recipients.add(message.recipients().size());
    config.recording().listener().accept(message);
  }

  /** It begins no transaction any more. */
  void leaving(SinkConnection connection) {
    mailing.remove(connection);
  }

  void gone(SinkConnection connection) {
    leaving(connection);
    open.remove(connection);
  }

  /** The kernel lets go of the port only when nobody waits in accept any more; a restart may follow at once. */
  private void awaitAcceptor() {
    try {
      acceptor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("ReferenceEquality") // This very socket: a restart listens on another one.
  private void accept(ServerSocket socket) {
    while (listening == socket) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        connections.increment();
        SinkConnection connection = new SinkConnection(this, client);
        open.add(connection);
        if (listening != socket) {
          connection.cut();
        }
        Thread.ofVirtual().name("sink-" + config.name()).start(connection);
      } catch (IOException e) {
        if (listening == socket) {
          LOG.warn("sink {} cannot accept a connection: {}", config.name(), e.getMessage());
          LockSupport.parkNanos(ACCEPT_PAUSE.toNanos());
        }
      }
    }
  }
}
