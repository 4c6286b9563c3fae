package io.tandemmail.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A mail sink: starts, takes mail, can be killed and brought back on the same port. */
public final class MailSink implements AutoCloseable {
  private static final int BACKLOG = 512;
  private static final JsonFactory JSON = new JsonFactory();

  private final SinkConfig config;
  private final Consumer<ReceivedMessage> listener;
  private final Optional<BufferedWriter> log;
  private final List<ReceivedMessage> kept = new ArrayList<>();
  private final Set<SinkConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<String> greylisted = ConcurrentHashMap.newKeySet();
  private final AtomicLong connections = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong recipients = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private volatile Behaviour behaviour = Behaviour.NORMAL;
  private volatile Duration latency = Duration.ZERO;
  private volatile @Nullable ServerSocket listening;
  private volatile int port;

  private MailSink(SinkConfig config, Consumer<ReceivedMessage> listener) throws IOException {
    this.config = config;
    this.listener = listener;
    this.port = config.port();
    this.log =
        config.log().isEmpty()
            ? Optional.empty()
            : Optional.of(
                Files.newBufferedWriter(
                    config.log().get(), StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  public static MailSink start(SinkConfig config) throws IOException {
    return start(config, message -> {});
  }

  /**
   * @param listener told of each message after it is recorded and before it is answered; must be quick
   */
  public static MailSink start(SinkConfig config, Consumer<ReceivedMessage> listener)
      throws IOException {
    MailSink sink = new MailSink(config, listener);
    sink.restart();
    return sink;
  }

  /** Dies: listens no more and resets every connection, each between two transactions. */
  public synchronized void stop() {
    ServerSocket current = listening;
    listening = null;
    if (current != null) {
      try {
        current.close();
      } catch (IOException alreadyClosed) {
        // Nothing listens any more, as wanted.
      }
    }
    open.forEach(SinkConnection::cut);
  }

  /** Comes back on the port it had. */
  public synchronized void restart() throws IOException {
    if (listening != null) {
      return;
    }
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(config.address(), port), BACKLOG);
    port = socket.getLocalPort();
    listening = socket;
    Thread.ofPlatform().daemon().name("sink-" + config.name()).start(() -> accept(socket));
  }

  @Override
  public void close() {
    stop();
    log.ifPresent(writer -> {
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the sink's log", e);
      }
    });
  }

  public String name() {
    return config.name();
  }

  public int port() {
    return port;
  }

  public SinkCounts counts() {
    return new SinkCounts(
        connections.get(), open.size(), accepted.get(), recipients.get(), refused.get());
  }

  /** What was received, in order; empty unless the sink keeps it. */
  public List<ReceivedMessage> received() {
    synchronized (kept) {
      return List.copyOf(kept);
    }
  }

  /** For every recipient that asks for nothing else. */
  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** Waited before each reply. */
  public void setLatency(Duration perReply) {
    latency = perReply;
  }

  boolean offersPipelining() {
    return config.pipelining();
  }

  Behaviour behaviour() {
    return behaviour;
  }

  void awaitLatency() throws InterruptedException {
    if (!latency.isZero()) {
      Thread.sleep(latency);
    }
  }

  boolean firstTime(String recipient) {
    return greylisted.add(recipient);
  }

  /** The code to answer with, 0 for none. */
  int refuses(Behaviour.Stage stage, Behaviour asked) {
    if (asked instanceof Behaviour.Reply(Behaviour.Stage at, int code) && at == stage) {
      refused.incrementAndGet();
      return code;
    }
    return 0;
  }

  void take(ReceivedMessage message) throws IOException {
    if (log.isPresent()) {
      String line = line(message);
      BufferedWriter writer = log.get();
      synchronized (writer) {
        writer.write(line);
        writer.flush();
      }
    }
    if (config.keep()) {
      synchronized (kept) {
        kept.add(message);
      }
    }
    accepted.incrementAndGet();
    recipients.addAndGet(message.recipients().size());
    listener.accept(message);
  }

  void gone(SinkConnection connection) {
    open.remove(connection);
  }

  private void accept(ServerSocket socket) {
    while (listening == socket) {
      try {
        Socket client = socket.accept();
        client.setTcpNoDelay(true);
        connections.incrementAndGet();
        SinkConnection connection = new SinkConnection(this, client);
        open.add(connection);
        if (listening != socket) {
          connection.cut();
        }
        Thread.ofVirtual().name("sink-" + config.name()).start(connection);
      } catch (IOException closed) {
        return;
      }
    }
  }

  private String line(ReceivedMessage message) throws IOException {
    StringWriter text = new StringWriter(256);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("at", message.at().toString());
      json.writeStringField("sink", config.name());
      json.writeStringField("key", message.key());
      json.writeStringField("from", message.reversePath());
      json.writeArrayFieldStart("rcpt");
      for (String recipient : message.recipients()) {
        json.writeString(recipient);
      }
      json.writeEndArray();
      json.writeNumberField("size", message.content().length);
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }
}
