package io.tandemmail.console.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

/**
 * {@code GET /v1/stream}: server-sent events (WHATWG HTML, section 9.2). Each listener has the virtual thread of its request,
 * which may hang in a write as long as it likes: nobody waits for it.
 *
 * <p>Not Javalin's own: there the one who sends writes to the socket, and a reader that stands still holds up all others.
 */
public final class EventStream implements AutoCloseable {
  static final int LISTENERS_MAX = 64;

  /** Proxies and browsers take a connection that says nothing for dead, many after 30 s. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private static final Duration PARTING = Duration.ofMillis(400);
  private static final String OPENING = "retry: 2000\n\n";

  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final Semaphore places = new Semaphore(LISTENERS_MAX);
  private final Duration heartbeat;
  private volatile boolean closed;

  public EventStream() {
    this(HEARTBEAT);
  }

  EventStream(Duration heartbeat) {
    this.heartbeat = heartbeat;
  }

  /**
   * Leaves the event with every listener. Never blocks.
   *
   * @param json one line
   */
  public void publish(String name, byte[] json) {
    byte[] event = event(name, json);
    listeners.removeIf(listener -> !listener.offer(event));
  }

  int listening() {
    return listeners.size();
  }

  /** What {@code latest} gives is sent first; nothing published after that is missed. */
  void serve(Context ctx, Supplier<Optional<byte[]>> latest)
      throws IOException, InterruptedException {
    if (closed || !places.tryAcquire()) {
      ctx.status(503)
          .header("Retry-After", "5")
          .result("all " + LISTENERS_MAX + " places are taken; ask GET /v1/status instead\n");
      return;
    }
    Listener listener = new Listener(cutting(ctx));
    try {
      listeners.add(listener);
      latest.get().ifPresent(status -> listener.offer(event("status", status)));
      if (closed) {
        return;
      }
      ctx.contentType("text/event-stream; charset=utf-8").header("X-Accel-Buffering", "no");
      // The servlet's own stream: Javalin's would compress, and hold events back to do so.
      OutputStream out = ctx.res().getOutputStream();
      out.write(OPENING.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      listener.write(out, heartbeat);
    } catch (IOException gone) {
      // It went away or was cut off; there is nobody to tell.
    } finally {
      listeners.remove(listener);
      places.release();
    }
  }

  /** Ends all streams in good order, and those that do not take it, by closing their connections. */
  @Override
  public void close() {
    closed = true;
    listeners.forEach(Listener::end);
    try {
      if (!places.tryAcquire(LISTENERS_MAX, PARTING.toMillis(), TimeUnit.MILLISECONDS)) {
        listeners.forEach(Listener::cut);
      }
    } catch (InterruptedException e) {
      listeners.forEach(Listener::cut);
      Thread.currentThread().interrupt();
    }
  }

  private static Runnable cutting(Context ctx) {
    EndPoint connection =
        ServletContextRequest.getServletContextRequest(ctx.req())
            .getConnectionMetaData()
            .getConnection()
            .getEndPoint();
    return connection::close;
  }

  private static byte[] event(String name, byte[] json) {
    String data = new String(json, StandardCharsets.UTF_8);
    return "event: %s\ndata: %s\n\n".formatted(name, data).getBytes(StandardCharsets.UTF_8);
  }
}
