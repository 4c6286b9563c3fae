package io.tandemmail.ingest.smtp;

import io.tandemmail.ingest.dialogue.ContentReplies;
import io.tandemmail.ingest.dialogue.Mail;
import io.tandemmail.ingest.dialogue.Reply;
import io.tandemmail.ingest.dialogue.Rules.Peer;
import io.tandemmail.ingest.dialogue.Step;
import io.tandemmail.ingest.dialogue.SubmissionDialogue;
import io.tandemmail.smtp.server.Content;
import io.tandemmail.smtp.server.LineTooLong;
import io.tandemmail.smtp.server.SmtpInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's socket: does what the dialogue says, a group of replies in one write. */
final class SmtpConnection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

  /** RFC 4954 section 4: an answer to a challenge may have so many; no command needs more. */
  private static final int LINE_BYTES_MAX = 12_288;

  private static final int REPLIES_BYTES_MAX = 16 << 10;
  private static final int DRAIN_MILLIS = 1_000;
  private static final long NEVER = Long.MAX_VALUE;

  private final SmtpListener listener;
  private final Socket plain;
  private final SubmissionDialogue dialogue;
  private final ByteArrayOutputStream replies = new ByteArrayOutputStream(512);

  /** Held but while the client is waited for between two transactions. */
  private final ReentrantLock turn = new ReentrantLock();

  private Socket socket;
  private PatientStream patience;
  private SmtpInput in;
  private OutputStream out;
  private volatile long stuckAtNanos = NEVER;

  SmtpConnection(SmtpListener listener, Socket plain) throws IOException {
    this.listener = listener;
    this.plain = plain;
    this.socket = plain;
    Peer peer = plain.getInetAddress().isLoopbackAddress() ? Peer.LOOPBACK : Peer.REMOTE;
    this.dialogue = new SubmissionDialogue(listener.rules(), peer);
    this.patience = patience(plain);
    this.in = input(patience);
    this.out = plain.getOutputStream();
  }

  @Override
  public void run() {
    turn.lock();
    try (plain) {
      converse();
      drain();
      socket.close();
    } catch (IOException over) {
      // The client went away, which is everyday life for a mail server.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      in.close();
      turn.unlock();
      listener.gone(this);
    }
  }

  /** False while the turn is another's for so long: a transaction runs. */
  boolean farewell(long waitNanos) throws InterruptedException {
    if (!turn.tryLock(waitNanos, TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      if (!socket.isClosed()) {
        say(listener.stopping());
        flush();
        socket.close();
      }
    } catch (IOException gone) {
      cut();
    } finally {
      turn.unlock();
    }
    return true;
  }

  /** Without a word. */
  void cut() {
    try {
      plain.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    }
  }

  /** Whether it has been writing for longer than it may: the client takes no replies. */
  boolean isStuck(long nowNanos) {
    long at = stuckAtNanos;
    return at != NEVER && nowNanos - at > 0;
  }

  private void converse() throws IOException, InterruptedException {
    try {
      say(dialogue.greeting());
      boolean open = true;
      while (open) {
        if (dialogue.isIdle()) {
          in.release();
        }
        if (listener.isStopping() && dialogue.isIdle()) {
          say(listener.stopping());
          break;
        }
        patience.allow(listener.timeouts().read());
        open = perform(dialogue.line(in.line()));
      }
    } catch (LineTooLong e) {
      say(Reply.of(500, "5.5.2 " + e.getMessage()));
    } catch (SocketTimeoutException e) {
      say(Reply.of(421, "4.4.2 waited too long"));
    }
    flush();
  }

  /** False when the dialogue is over. */
  private boolean perform(Step step) throws IOException, InterruptedException {
    return switch (step) {
      case Step.Say(Reply reply) -> say(reply);
      case Step.Close(Reply reply) -> !say(reply);
      case Step.TakeContent(Reply reply, int sizeMax) -> {
        say(reply);
        patience.allow(listener.timeouts().content());
        yield ended(dialogue.content(in.content(sizeMax)));
      }
      case Step.TakeChunk(int size, int joined) -> {
        patience.allow(listener.timeouts().content());
        Content chunk = in.chunk(size);
        boolean fits = joined == 0 || in.claim(joined);
        yield ended(dialogue.chunk(fits ? chunk : Content.NO_ROOM));
      }
      case Step.SkipChunk(long size, Reply reply) -> {
        patience.allow(listener.timeouts().content());
        in.skip(size);
        yield say(reply);
      }
      case Step.SwitchToTls(Reply reply) -> {
        say(reply);
        flush();
        startTls(listener.tls());
        yield true;
      }
      case Step.Deliver(Mail mail) -> say(deliver(mail));
    };
  }

  /** Content is here, or lost. */
  private boolean ended(Step step) throws IOException, InterruptedException {
    if (step instanceof Step.Say(Reply reply) && reply.code() >= 400) {
      listener.metrics().answered(reply);
    }
    return perform(step);
  }

  private Reply deliver(Mail mail) throws InterruptedException {
    Reply reply;
    try {
      reply = listener.desk().take(mail);
    } catch (RuntimeException defect) {
      LOG.error("a message that came by SMTP could not be taken", defect);
      reply = ContentReplies.deferred("internal error; the service's log says what happened");
    }
    listener.metrics().answered(reply);
    return reply;
  }

  private boolean say(Reply reply) throws IOException {
    replies.writeBytes(reply.wire().getBytes(StandardCharsets.US_ASCII));
    if (replies.size() > REPLIES_BYTES_MAX) {
      flush();
    }
    return true;
  }

  /** Also called by the input whenever it has to wait for the client. */
  private void flush() throws IOException {
    if (replies.size() > 0) {
      beginWriting();
      replies.writeTo(out);
      stuckAtNanos = NEVER;
      replies.reset();
    }
  }

  /** What the client sent in clear behind its STARTTLS is forgotten with the old input (RFC 3207 section 4.2). */
  private void startTls(SSLContext context) throws IOException {
    beginWriting();
    SSLSocket secure =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    stuckAtNanos = NEVER;
    in.close();
    socket = secure;
    patience = patience(secure);
    in = input(patience);
    out = secure.getOutputStream();
    dialogue.secured();
  }

  /** Who closes on bytes unread resets the connection, and the last reply is lost on the way. */
  private void drain() throws IOException {
    socket.shutdownOutput();
    plain.setSoTimeout(DRAIN_MILLIS);
    byte[] unwanted = new byte[16 << 10];
    long endNanos = System.nanoTime() + DRAIN_MILLIS * 1_000_000L;
    while (System.nanoTime() < endNanos && plain.getInputStream().read(unwanted) >= 0) {
      // Nothing to keep.
    }
  }

  private void beginWriting() {
    stuckAtNanos = System.nanoTime() + listener.timeouts().write().toNanos();
  }

  private PatientStream patience(Socket from) throws IOException {
    return new PatientStream(from, listener.timeouts().read(), turn, dialogue::isIdle);
  }

  private SmtpInput input(PatientStream from) {
    return new SmtpInput(from, this::flush, listener.room(), LINE_BYTES_MAX);
  }
}
