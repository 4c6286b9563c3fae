package io.tandemmail.bench;

import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.smtp.protocol.DotStuffing;
import io.tandemmail.smtp.protocol.MailExchange;
import io.tandemmail.smtp.protocol.Opening;
import io.tandemmail.smtp.protocol.ReplyParser;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the engine itself costs per message of 4 KiB: commands, content with its dots, replies parsed and credited, the next
 * envelope behind the content. Bytes go to and come from memory, so no network and no kernel is in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {
  private static final byte[] ENVELOPE = bytes("250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n");
  private static final byte[] GO = bytes("354 End data with <CR><LF>.<CR><LF>\r\n");
  private static final byte[] DOT = {'.'};

  /** Content by DATA or by BDAT. */
  @Param({"PIPELINING", "PIPELINING CHUNKING"})
  public String offered = "";

  private final byte[] content = BenchMessage.content();
  private final ByteBuffer wire = ByteBuffer.allocateDirect(64 << 10);
  private final ReplyParser parser = new ReplyParser();
  private MailExchange exchange = exchange("");
  private MailTransaction next = mail();
  private byte[] envelope = ENVELOPE;
  private long queued;

  /** JMH calls it before it measures. */
  @Setup
  public void connect() {
    exchange = exchange(offered);
    exchange.begin(next);
    envelope = offered.contains("CHUNKING") ? ENVELOPE : joined(ENVELOPE, GO);
  }

  @Benchmark
  public TransactionResult message() {
    exchange.begin(next);
    byte[] replies = envelope;
    int read = 0;
    while (true) {
      switch (exchange.step()) {
        case SEND -> takeOutput();
        case AWAIT -> {
          try {
            read += parser.feed(replies, read, replies.length);
          } catch (ReplyParser.Malformed e) {
            throw new IllegalStateException(e);
          }
          exchange.replied(parser.take().orElseThrow());
        }
        case CONTENT -> {
          content();
          replies = bytes("250 2.0.0 Ok: queued as " + queued++ + "\r\n");
          read = 0;
        }
        case SETTLED -> {
          return exchange.finish();
        }
      }
    }
  }

  private void content() {
    takeOutput();
    int from = 0;
    if (!exchange.chunked()) {
      for (int dot = DotStuffing.nextDot(content, 0);
          dot < content.length;
          dot = DotStuffing.nextDot(content, dot + 1)) {
        wire.put(content, from, dot - from).put(DOT);
        from = dot;
      }
    }
    wire.put(content, from, content.length - from);
    next = mail();
    exchange.beginBehind(next);
    exchange.contentWritten();
    takeOutput();
  }

  private void takeOutput() {
    if (wire.remaining() < 8 << 10) {
      wire.clear();
    }
    wire.put(exchange.output(), 0, exchange.outputLength());
    exchange.outputTaken();
  }

  private MailTransaction mail() {
    return new MailTransaction(BenchMessage.REVERSE_PATH, List.of(BenchMessage.RECIPIENT), content);
  }

  private static MailExchange exchange(String keywords) {
    Opening opening =
        new Opening(
            new Opening.Plan("bench", Opening.StartTls.NEVER, false, Optional.empty(), false));
    opening.replied(new Reply(220, Optional.empty(), "sink"));
    String ehlo = "sink / 8BITMIME / SIZE / " + keywords.replace(" ", " / ");
    if (opening.replied(new Reply(250, Optional.empty(), ehlo))
        instanceof Opening.Next.Ready ready) {
      return new MailExchange(ready.capabilities());
    }
    throw new IllegalStateException("not ready");
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = new byte[first.length + second.length];
    System.arraycopy(first, 0, both, 0, first.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
