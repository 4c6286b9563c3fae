package io.tandemmail.torture.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One connection through the proxy: two sockets, two directions. */
final class Link {
  private static final int PIECE = 16 << 10;

  private final ToxicProxy proxy;
  private final Socket client;
  private final Socket server;

  /** Bytes were lost: what came after them would make no sense. */
  private volatile boolean lossy;

  /** The client is cut off: what the target still says is for nobody. */
  private volatile boolean muted;

  private final AtomicInteger ended = new AtomicInteger();

  Link(ToxicProxy proxy, Socket client, Socket server) {
    this.proxy = proxy;
    this.client = client;
    this.server = server;
  }

  /** Returns at once; the two directions go on until one of them ends. */
  void run() {
    if (server.isConnected()) {
      Thread.ofVirtual().start(() -> pump(server, client, null));
    } else {
      lossy = true;
    }
    Thread.ofVirtual().start(() -> pump(client, server, new Cut()));
  }

  /** The proxy's mind has changed. */
  void meet(Toxic next) {
    switch (next) {
      case Toxic.Refuse refuse -> reset();
      case Toxic.Reset reset -> reset();
      case Toxic.HalfOpen halfOpen -> {
        lossy = true;
        close(server);
      }
      case Toxic.BlackHole hole -> lossy = true;
      case Toxic.None none -> resetIfLossy();
      case Toxic.Slow slow -> resetIfLossy();
      case Toxic.Slicer slicer -> resetIfLossy();
      case Toxic.CutBehind cut -> resetIfLossy();
    }
  }

  /** Both sides, as a firewall would. */
  void reset() {
    abort(client);
    abort(server);
    proxy.gone(this);
  }

  private void resetIfLossy() {
    if (lossy) {
      reset();
    }
  }

  private void pump(Socket from, Socket to, @Nullable Cut cut) {
    byte[] piece = new byte[PIECE];
    try {
      InputStream in = from.getInputStream();
      while (true) {
        int length = in.read(piece);
        if (length < 0) {
          break;
        }
        if (!pass(piece, length, to, cut)) {
          return;
        }
      }
      if (!lossy) {
        to.shutdownOutput();
      }
    } catch (IOException broken) {
      if (!lossy) {
        reset();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reset();
    } finally {
      if (ended.incrementAndGet() == 2 || (lossy && cut != null)) {
        close(client);
        close(server);
        proxy.gone(this);
      }
    }
  }

  /** False when this connection is over. */
  private boolean pass(byte[] piece, int length, Socket to, @Nullable Cut cut)
      throws IOException, InterruptedException {
    if (lossy || (muted && cut == null)) {
      return true;
    }
    switch (proxy.toxic()) {
      case Toxic.None none -> to.getOutputStream().write(piece, 0, length);
      case Toxic.Refuse refuse -> reset();
      case Toxic.Reset reset -> reset();
      case Toxic.BlackHole hole -> lossy = true;
      case Toxic.HalfOpen halfOpen -> lossy = true;
      case Toxic.Slow slow -> {
        sleep(delay(slow, length));
        to.getOutputStream().write(piece, 0, length);
      }
      case Toxic.Slicer slicer -> slice(slicer, piece, length, to.getOutputStream());
      case Toxic.CutBehind behind -> {
        int end = cut == null ? -1 : cut.end(behind, piece, length);
        if (end >= 0 && proxy.mayCut(behind)) {
          cut(piece, end, to);
          return false;
        }
        to.getOutputStream().write(piece, 0, length);
      }
    }
    return true;
  }

  /** The target gets what came before the cut, and its end; the client gets a reset, and nothing the target says. */
  private void cut(byte[] piece, int end, Socket to) throws IOException {
    muted = true;
    to.getOutputStream().write(piece, 0, end);
    to.shutdownOutput();
    abort(client);
    proxy.gone(this);
  }

  private static void slice(Toxic.Slicer slicer, byte[] piece, int length, OutputStream out)
      throws IOException, InterruptedException {
    for (int at = 0; at < length; at += slicer.bytes()) {
      out.write(piece, at, Math.min(slicer.bytes(), length - at));
      sleep(slicer.pause());
    }
  }

  private static Duration delay(Toxic.Slow slow, int length) {
    long jitter = slow.jitter().toNanos();
    Duration late =
        slow.latency().plusNanos(jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter));
    return slow.bytesPerSecond() == 0
        ? late
        : late.plusNanos(TimeUnit.SECONDS.toNanos(length) / slow.bytesPerSecond());
  }

  private static void sleep(Duration pause) throws InterruptedException {
    if (pause.isPositive()) {
      Thread.sleep(pause);
    }
  }

  private static void abort(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException closedAlready) {
      return;
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // That is what was wanted.
      return;
    }
  }

  /** Looks for the place to cut at in what the client sends. */
  private static final class Cut {
    private Toxic.@Nullable CutBehind sought;
    private Mark mark = new Mark(new byte[1]);
    private int behind = -1;

    /** How much of this piece still passes; -1: all of it, and more. */
    int end(Toxic.CutBehind wanted, byte[] piece, int length) {
      if (!wanted.equals(sought)) {
        sought = wanted;
        mark = new Mark(wanted.mark());
        behind = -1;
      }
      int from = 0;
      if (behind < 0) {
        int end = mark.endIn(piece, length);
        if (end < 0) {
          return -1;
        }
        behind = wanted.bytes();
        from = end;
      }
      if (behind <= length - from) {
        return from + behind;
      }
      behind -= length - from;
      return -1;
    }
  }
}
