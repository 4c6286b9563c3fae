package io.tandemmail.torture.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Listens on a port of this machine and connects each client to another one, doing wrong what it is told to. */
public final class ToxicProxy implements AutoCloseable {
  private static final int BACKLOG = 512;
  private static final int CONNECT_MILLIS = 2_000;

  private final int port;
  private final int target;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final LongAdder connections = new LongAdder();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Toxic toxic = Toxic.NONE;
  private volatile @Nullable ServerSocket listening;
  private Thread acceptor = Thread.ofPlatform().unstarted(() -> {});

  private ToxicProxy(int port, int target) {
    this.port = port;
    this.target = target;
  }

  /** Listens when it returns; the target need not be there yet. */
  public static ToxicProxy start(int port, int target) throws IOException {
    ToxicProxy proxy = new ToxicProxy(port, target);
    proxy.listen();
    return proxy;
  }

  public int port() {
    return port;
  }

  /** Connections taken so far. */
  public long connections() {
    return connections.sum();
  }

  /** Connections open now. */
  public int open() {
    return links.size();
  }

  /** Connections that {@link Toxic.CutBehind} has cut since it was set. */
  public int cuts() {
    return cuts.get();
  }

  /** From now on. */
  public synchronized void set(Toxic next) throws IOException {
    cuts.set(0);
    toxic = next;
    if (next instanceof Toxic.Refuse) {
      deafen();
    } else {
      listen();
    }
    links.forEach(link -> link.meet(next));
  }

  @Override
  public synchronized void close() throws IOException {
    toxic = new Toxic.Refuse();
    deafen();
    links.forEach(Link::reset);
  }

  Toxic toxic() {
    return toxic;
  }

  /** True when this connection is one of those to cut. */
  boolean mayCut(Toxic.CutBehind cut) {
    return cuts.getAndUpdate(count -> Math.min(count + 1, cut.times())) < cut.times();
  }

  void gone(Link link) {
    links.remove(link);
  }

  private void listen() throws IOException {
    if (listening != null) {
      return;
    }
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    listening = socket;
    acceptor = Thread.ofPlatform().daemon().name("proxy-" + port).start(() -> accept(socket));
  }

  /** The kernel lets go of the port only when nobody waits in accept any more. */
  private void deafen() throws IOException {
    ServerSocket socket = listening;
    listening = null;
    if (socket != null) {
      socket.close();
      try {
        acceptor.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        connections.increment();
        Thread.ofVirtual().name("proxy-" + port).start(() -> connect(client));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    Link link = new Link(this, client, server);
    links.add(link);
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Toxic now = toxic;
      if (now instanceof Toxic.Refuse || now instanceof Toxic.Reset) {
        link.reset();
        return;
      }
      if (!(now instanceof Toxic.BlackHole) && !(now instanceof Toxic.HalfOpen)) {
        server.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
      }
      link.run();
    } catch (IOException unreachable) {
      // What a client sees of a target that is gone.
      link.reset();
    }
  }
}
