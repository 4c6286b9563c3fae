package io.tandemmail.sink;

import io.tandemmail.sink.Behaviour.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;

/** The dialogue with one client. Replies of a pipelined group leave in one write. */
final class SinkConnection implements Runnable {
  private final MailSink sink;
  private final Socket socket;
  private final ByteArrayOutputStream replies = new ByteArrayOutputStream(1024);

  /** Held from taking a message to having said so: a sink that is told to die does it before or after, never between. */
  private final ReentrantLock answering = new ReentrantLock();

  private final List<String> recipients = new ArrayList<>();
  private String reversePath = "";
  private boolean inTransaction;
  private Behaviour atData = Behaviour.NORMAL;

  SinkConnection(MailSink sink, Socket socket) {
    this.sink = sink;
    this.socket = socket;
  }

  /** The dialogue is over: by the client, by a fault, or because the behaviour says so. */
  private static final class Hangup extends IOException {
    private static final long serialVersionUID = 1;
  }

  @Override
  public void run() {
    try (socket) {
      converse(new LineInput(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException over) {
      // The client went away or was sent away; both are everyday life for a mail server.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sink.gone(this);
    }
  }

  /** As if the process had been killed between two transactions: no farewell, and a reset for whoever still writes. */
  void cut() {
    answering.lock();
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    } finally {
      answering.unlock();
    }
  }

  private void converse(LineInput in, OutputStream out) throws IOException, InterruptedException {
    misbehave(Stage.GREETING, sink.behaviour());
    reply(sink.refuses(Stage.GREETING, sink.behaviour()), "220 " + sink.name() + " ESMTP");
    while (true) {
      if (!in.hasMore()) {
        flush(out);
      }
      String line = in.line();
      String verb = line.length() >= 4 ? line.substring(0, 4).toUpperCase(Locale.ROOT) : line;
      switch (verb) {
        case "EHLO" -> ehlo();
        case "HELO" -> reply(0, "250 " + sink.name());
        case "MAIL" -> mail(line);
        case "RCPT" -> rcpt(line);
        case "DATA" -> data(in, out);
        case "RSET" -> {
          reset();
          reply(0, "250 2.0.0 reset");
        }
        case "NOOP" -> reply(0, "250 2.0.0 ok");
        case "VRFY" -> reply(0, "252 2.5.0 send and see");
        case "QUIT" -> {
          reply(0, "221 2.0.0 bye");
          flush(out);
          return;
        }
        default -> reply(0, "500 5.5.2 unknown command");
      }
    }
  }

  private void ehlo() throws IOException, InterruptedException {
    misbehave(Stage.EHLO, sink.behaviour());
    int refusal = sink.refuses(Stage.EHLO, sink.behaviour());
    String pipelining = sink.offersPipelining() ? "250-PIPELINING\r\n" : "";
    reply(
        refusal,
        "250-"
            + sink.name()
            + "\r\n"
            + pipelining
            + "250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 52428800\r\n250 ENHANCEDSTATUSCODES");
  }

  private void mail(String line) throws IOException, InterruptedException {
    misbehave(Stage.MAIL, sink.behaviour());
    int refusal = sink.refuses(Stage.MAIL, sink.behaviour());
    reset();
    inTransaction = refusal == 0;
    reversePath = path(line);
    reply(refusal, "250 2.1.0 ok");
  }

  private void rcpt(String line) throws IOException, InterruptedException {
    if (!inTransaction) {
      reply(0, "503 5.5.1 MAIL first");
      return;
    }
    String recipient = path(line);
    Behaviour asked = Behaviour.ofRecipient(recipient);
    Behaviour behaviour = asked.equals(Behaviour.NORMAL) ? sink.behaviour() : asked;
    misbehave(Stage.RCPT, behaviour);
    int refusal =
        behaviour instanceof Behaviour.Greylist && sink.firstTime(recipient)
            ? 450
            : sink.refuses(Stage.RCPT, behaviour);
    if (refusal == 0) {
      recipients.add(recipient);
      atData =
          behaviour.stage() == Stage.DATA || behaviour.stage() == Stage.DOT ? behaviour : atData;
    }
    reply(refusal, "250 2.1.5 ok");
  }

  private void data(LineInput in, OutputStream out) throws IOException, InterruptedException {
    if (recipients.isEmpty()) {
      reply(0, inTransaction ? "554 5.5.1 no valid recipients" : "503 5.5.1 MAIL first");
      return;
    }
    misbehave(Stage.DATA, atData);
    int refusal = sink.refuses(Stage.DATA, atData);
    if (refusal != 0) {
      reply(refusal, "");
      return;
    }
    reply(0, "354 go ahead");
    flush(out);
    byte[] content = in.content();
    misbehave(Stage.DOT, atData);
    int late = sink.refuses(Stage.DOT, atData);
    answering.lock();
    try {
      if (late == 0) {
        sink.take(
            new ReceivedMessage(
                MessageKey.of(content),
                reversePath,
                List.copyOf(recipients),
                Instant.now(),
                content));
        if (atData instanceof Behaviour.CloseAfter) {
          throw new Hangup();
        }
      }
      reply(late, "250 2.0.0 taken");
      flush(out);
    } finally {
      answering.unlock();
    }
    reset();
  }

  private void reset() {
    recipients.clear();
    inTransaction = false;
    atData = sink.behaviour();
  }

  private void misbehave(Stage stage, Behaviour behaviour)
      throws IOException, InterruptedException {
    sink.awaitLatency();
    if (behaviour.stage() != stage) {
      return;
    }
    switch (behaviour) {
      case Behaviour.Close close -> throw new Hangup();
      case Behaviour.Silent silent -> Thread.sleep(Duration.ofHours(1));
      case Behaviour.Slow slow -> Thread.sleep(slow.delay());
      case Behaviour.Normal normal -> {}
      case Behaviour.Reply reply -> {}
      case Behaviour.CloseAfter after -> {}
      case Behaviour.Greylist greylist -> {}
    }
  }

  private void reply(int refusal, String normally) throws IOException {
    String text = refusal == 0 ? normally : refusal + " " + refusal / 100 + ".0.0 as asked";
    replies.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    if (refusal == 421) {
      flush(socket.getOutputStream());
      throw new Hangup();
    }
  }

  private void flush(OutputStream out) throws IOException {
    if (replies.size() > 0) {
      replies.writeTo(out);
      out.flush();
      replies.reset();
    }
  }

  private static String path(String line) {
    int open = line.indexOf('<');
    int close = line.indexOf('>', open + 1);
    return open < 0 || close < 0 ? "" : line.substring(open + 1, close);
  }
}
