package io.tandemmail.ingest.smtp;

import io.micrometer.core.instrument.MeterRegistry;
import io.tandemmail.ingest.dialogue.Reply;
import io.tandemmail.ingest.dialogue.Rules;
import io.tandemmail.model.settings.SmtpSettings;
import io.tandemmail.runtime.http.AddressInUse;
import io.tandemmail.smtp.server.Room;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections until it is closed. */
public final class SmtpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpListener.class);
  private static final int BACKLOG = 256;
  private static final long PAUSE_MILLIS = 200;
  private static final Reply FULL = Reply.of(421, "4.3.2 too many connections; come back later");

  private final ServerSocket server;
  private final Rules rules;
  private final Handover handover;
  private final Optional<SSLContext> tls;
  private final Semaphore slots;
  private final SmtpMetrics metrics;
  private final Set<SmtpConnection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean stopping;

  /** Where mail goes, from which memory, how patiently. */
  public record Handover(Desk desk, Room room, Timeouts timeouts) {}

  public static SmtpListener start(
      SmtpSettings settings, Rules rules, Handover handover, MeterRegistry registry) {
    String address = settings.listen().address();
    try {
      SmtpListener listener = new SmtpListener(settings, rules, handover, registry);
      Thread.ofVirtual().name("smtp-accept").start(listener::accept);
      Thread.ofVirtual().name("smtp-watch").start(listener::watch);
      return listener;
    } catch (BindException e) {
      throw new AddressInUse(address, settings.listen().port(), "ingest.smtp.port", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at ingest.smtp.address " + address, e);
    }
  }

  private SmtpListener(
      SmtpSettings settings, Rules rules, Handover handover, MeterRegistry registry)
      throws IOException {
    this.rules = rules;
    this.handover = handover;
    this.tls = settings.certificate().map(ServerTls::context);
    this.slots = new Semaphore(settings.maxConnections());
    this.metrics = new SmtpMetrics(registry, connections::size);
    this.server = new ServerSocket();
    InetAddress address = InetAddress.getByName(settings.listen().address());
    server.bind(new InetSocketAddress(address, settings.listen().port()), BACKLOG);
  }

  public int port() {
    return server.getLocalPort();
  }

  /**
   * Says farewell to who is between two transactions; who is within one may end it in time. Nothing is taken when this returns,
   * so what is behind the desk may close.
   */
  @Override
  public void close() {
    stopping = true;
    try {
      server.close();
      long endNanos = System.nanoTime() + timeouts().stop().toNanos();
      for (SmtpConnection connection : connections) {
        connection.farewell(0);
      }
      for (SmtpConnection connection : connections) {
        connection.farewell(Math.max(0, endNanos - System.nanoTime()));
      }
    } catch (IOException e) {
      LOG.warn("the SMTP listener did not close: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.forEach(SmtpConnection::cut);
    }
  }

  Rules rules() {
    return rules;
  }

  Desk desk() {
    return handover.desk;
  }

  Room room() {
    return handover.room;
  }

  Timeouts timeouts() {
    return handover.timeouts;
  }

  SmtpMetrics metrics() {
    return metrics;
  }

  SSLContext tls() {
    return tls.orElseThrow(() -> new IllegalStateException("STARTTLS was not offered"));
  }

  boolean isStopping() {
    return stopping;
  }

  Reply stopping() {
    return Reply.of(421, "4.3.2 the service stops; come back in a moment");
  }

  void gone(SmtpConnection connection) {
    if (connections.remove(connection)) {
      slots.release();
    }
  }

  private void accept() {
    while (!stopping) {
      try {
        greet(server.accept());
      } catch (IOException e) {
        if (!stopping) {
          LOG.warn("cannot accept an SMTP connection: {}", e.getMessage());
          pause();
        }
      }
    }
  }

  private void greet(Socket socket) throws IOException {
    if (!slots.tryAcquire()) {
      metrics.turnedAway();
      try (socket) {
        socket.getOutputStream().write(FULL.wire().getBytes(StandardCharsets.US_ASCII));
      }
      return;
    }
    try {
      socket.setTcpNoDelay(true);
      SmtpConnection connection = new SmtpConnection(this, socket);
      connections.add(connection);
      Thread.ofVirtual().name("smtp").start(connection);
    } catch (IOException e) {
      slots.release();
      socket.close();
      throw e;
    }
  }

  /** Closes on clients that take no replies: a write has no timeout of its own. */
  private void watch() {
    while (!stopping || !connections.isEmpty()) {
      long nowNanos = System.nanoTime();
      for (SmtpConnection connection : connections) {
        if (connection.isStuck(nowNanos)) {
          connection.cut();
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
