package io.tandemmail.torture.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The same messages by SMTP, for a peer that takes nothing else; each until it is accepted. */
public final class SmtpLoad implements AutoCloseable {
  private static final int CONNECTIONS_EACH = 6;
  private static final int REPLY_MILLIS = 10_000;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Load.Plan plan;
  private final AcceptedLog log;
  private final List<Integer> ports;
  private final BlockingQueue<Mail> queue = new LinkedBlockingQueue<>(4_000);
  private final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final List<Thread> threads = new ArrayList<>();
  private final long startNanos = System.nanoTime();

  private SmtpLoad(Load.Plan plan, AcceptedLog log, List<Integer> ports) {
    this.plan = plan;
    this.log = log;
    this.ports = List.copyOf(ports);
  }

  public static SmtpLoad start(Load.Plan plan, List<Integer> ports, Path accepted)
      throws IOException {
    SmtpLoad load = new SmtpLoad(plan, new AcceptedLog(accepted, plan.to() - plan.from()), ports);
    load.threads.add(Thread.ofPlatform().daemon().start(load::pace));
    for (int i = 0; i < CONNECTIONS_EACH * ports.size(); i++) {
      int first = i;
      load.threads.add(Thread.ofPlatform().daemon().start(() -> load.submit(first)));
    }
    return load;
  }

  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  public int accepted() {
    return log.count();
  }

  /** Ids whose final dot was not answered: they were submitted once more, and may be there twice for that. */
  public Set<String> unanswered() {
    return Set.copyOf(unanswered);
  }

  public boolean awaitAccepted(Duration within) throws InterruptedException {
    return log.open().await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() throws IOException {
    threads.forEach(Thread::interrupt);
    log.close();
  }

  private void pace() {
    Pace pace = new Pace(startNanos, plan.perSecond());
    try {
      for (int i = plan.from(); i < plan.to(); i++) {
        pace.await(i - plan.from());
        queue.put(new Mail(plan.run(), i));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void submit(int first) {
    int turn = first;
    Client client = null;
    Mail mail = null;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        mail = mail == null ? queue.take() : mail;
        client = client == null ? Client.connect(ports.get(turn++ % ports.size())) : client;
        if (client.send(mail)) {
          log.note(mail, Instant.now());
          mail = null;
        }
      } catch (UncheckedIOException e) {
        throw e;
      } catch (IOException gone) {
        if (client != null && client.dotSent && mail != null) {
          unanswered.add(mail.id());
        }
        Client.close(client);
        client = null;
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    Client.close(client);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One connection; a command after the other. */
  private static final class Client {
    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private boolean dotSent;

    private Client(Socket socket) throws IOException {
      this.socket = socket;
      this.in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      this.out = socket.getOutputStream();
    }

    static Client connect(int port) throws IOException {
      Socket socket = new Socket();
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), REPLY_MILLIS);
      socket.setSoTimeout(REPLY_MILLIS);
      socket.setTcpNoDelay(true);
      Client client = new Client(socket);
      client.expect('2');
      client.say("EHLO load.example\r\n");
      client.expect('2');
      return client;
    }

    static void close(@Nullable Client client) {
      if (client != null) {
        try {
          client.socket.close();
        } catch (IOException gone) {
          return;
        }
      }
    }

    /** False when the answer was no. */
    boolean send(Mail mail) throws IOException {
      dotSent = false;
      say("MAIL FROM:<" + Mail.from() + ">\r\n");
      boolean open = expect('2');
      for (String recipient : mail.recipients()) {
        say("RCPT TO:<" + recipient + ">\r\n");
        open &= expect('2');
      }
      say("DATA\r\n");
      open &= expect('3');
      if (!open) {
        throw new IOException("refused");
      }
      out.write(
          new String(mail.rfc822(), StandardCharsets.UTF_8)
              .replace("\r\n.", "\r\n..")
              .getBytes(StandardCharsets.UTF_8));
      dotSent = true;
      say(".\r\n");
      boolean taken = expect('2');
      dotSent = false;
      return taken;
    }

    private void say(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private boolean expect(char first) throws IOException {
      String line;
      do {
        line = in.readLine();
        if (line == null || line.length() < 3) {
          throw new IOException("the relay closed");
        }
      } while (line.length() > 3 && line.charAt(3) == '-');
      return line.charAt(0) == first;
    }
  }
}
