package io.tandemmail.sink;

import io.tandemmail.smtp.server.Content;
import io.tandemmail.smtp.server.SmtpInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** One client's socket: lines and content in, replies out, a group of them in one write. */
final class SinkConnection implements Runnable {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final MailSink sink;
  private final Socket socket;
  private final ByteArrayOutputStream replies = new ByteArrayOutputStream(1024);

  /** Held from recording a message to having said so: a sink that is told to die does it before or after, never between. */
  private final ReentrantLock answering = new ReentrantLock();

  private SmtpInput in;
  private OutputStream out;

  SinkConnection(MailSink sink, Socket socket) throws IOException {
    this.sink = sink;
    this.socket = socket;
    this.in = new SmtpInput(socket.getInputStream(), this::flush);
    this.out = socket.getOutputStream();
  }

  /** The dialogue is over because the behaviour says so. */
  static final class Hangup extends IOException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public void run() {
    try (socket) {
      new Dialogue(sink, this).converse();
    } catch (IOException over) {
      // The client went away or was sent away; both are everyday life for a mail server.
    } finally {
      answered();
      sink.gone(this);
    }
  }

  /** As if the process had been killed between two transactions: no farewell, and a reset for whoever still writes. */
  void cut() {
    boolean waited = awaitAnswer();
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    } finally {
      if (waited) {
        answering.unlock();
      }
      sink.gone(this);
    }
  }

  String line() throws IOException {
    return in.line().text();
  }

  void awaitContent() throws IOException {
    in.awaitContent();
  }

  Optional<byte[]> content(int sizeMax) throws IOException {
    return switch (in.content(sizeMax)) {
      case Content.Whole whole -> Optional.of(whole.bytes());
      case Content.TooLong tooLong -> Optional.empty();
      case Content.NoRoom none -> throw endless();
    };
  }

  byte[] chunk(int size) throws IOException {
    return switch (in.chunk(size)) {
      case Content.Whole whole -> whole.bytes();
      case Content.TooLong tooLong -> throw new IllegalStateException("a chunk has no limit");
      case Content.NoRoom none -> throw endless();
    };
  }

  void skip(long size) throws IOException {
    in.skip(size);
  }

  /** Leaves with the next {@link #flush}. */
  void reply(String text) {
    replies.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    replies.write('\r');
    replies.write('\n');
  }

  /** From here to the next flush nobody cuts this connection; who is cut already takes nothing any more. */
  void answering() throws IOException {
    answering.lock();
    if (socket.isClosed()) {
      throw new Hangup();
    }
  }

  /** Also called by the input whenever it has to wait for the client. */
  void flush() throws IOException {
    if (replies.size() > 0) {
      Duration latency = sink.latency();
      if (latency.isPositive()) {
        pause(latency);
      }
      replies.writeTo(out);
      replies.reset();
    }
    answered();
  }

  /** Says what is said already, then waits. */
  void delay(Duration delay) throws IOException {
    flush();
    pause(delay);
  }

  /** Says what is said already, then nothing until the client gives up. */
  void fallSilent() throws IOException {
    flush();
    in.discard();
  }

  /** Says what is said already, then closes. */
  Hangup hangup() throws IOException {
    flush();
    return new Hangup();
  }

  /** What the client sent in clear behind its STARTTLS is forgotten (RFC 3207 section 4.2). */
  void startTls(SSLContext context) throws IOException {
    flush();
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    socket, socket.getInetAddress().getHostAddress(), socket.getPort(), false);
    secure.setUseClientMode(false);
    secure.startHandshake();
    in = new SmtpInput(secure.getInputStream(), this::flush);
    out = secure.getOutputStream();
  }

  /** True when the lock is held. A client that reads no replies is not waited for longer than this. */
  private boolean awaitAnswer() {
    try {
      return answering.tryLock(sink.latency().plus(ANSWER_MAX).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static IllegalStateException endless() {
    return new IllegalStateException("the sink's room is endless");
  }

  private void answered() {
    while (answering.isHeldByCurrentThread()) {
      answering.unlock();
    }
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
