package io.tandemmail.smtp.engine;

import static io.tandemmail.smtp.TestServers.connect;
import static io.tandemmail.smtp.TestServers.endpoint;
import static io.tandemmail.smtp.TestServers.mail;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.sink.MailSink;
import io.tandemmail.sink.SinkConfig;
import io.tandemmail.sink.SinkConfig.Extension;
import io.tandemmail.smtp.Lookahead;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.SmtpSession;
import io.tandemmail.smtp.TransactionResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The next envelope behind the content before it. */
class LookaheadTest {
  private static final Duration WITHIN = Duration.ofSeconds(10);
  private final PipeliningSmtpTransport transport = new PipeliningSmtpTransport();
  private MailSink sink;

  @BeforeEach
  void start() throws IOException {
    sink = MailSink.start(SinkConfig.named("test").keeping().without(Extension.CHUNKING));
  }

  @AfterEach
  void stop() {
    sink.close();
    transport.close();
  }

  @Test
  void aChainOfMessagesArrivesInOrderOnOneConnectionWithEachItsOwnResult() {
    List<MailTransaction> mails =
        IntStream.range(0, 500)
            .mapToObj(i ->
                mail("n: " + i + "\r\n\r\n", (i % 7 == 3 ? "550-rcpt" : "r" + i) + "@x.example"))
            .toList();
    Line line = new Line(mails);
    List<TransactionResult> results = new ArrayList<>();
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      for (MailTransaction mail = line.poll(); mail != null; mail = line.following()) {
        results.add(session.deliver(mail, () -> true, line));
      }
    }

    assertThat(line.lent).isGreaterThan(100);
    assertThat(results).hasSize(500);
    assertThat(IntStream.range(0, 500).filter(i -> code(results.get(i)) == 550))
        .containsExactlyElementsOf(
            IntStream.range(0, 500).filter(i -> i % 7 == 3).boxed().toList());
    assertThat(sink.received())
        .extracting(m -> new String(m.content(), StandardCharsets.UTF_8).strip())
        .containsExactlyElementsOf(
            IntStream.range(0, 500).filter(i -> i % 7 != 3).mapToObj(i -> "n: " + i).toList());
    assertThat(sink.counts().connections()).isEqualTo(1);
  }

  @Test
  void aSlowServerKeepsNoOtherMessageWaiting() {
    Line line = Line.to("quick@x.example", "slow-dot-2s@x.example", "next@x.example");
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      session.deliver(line.poll(), () -> true, line);
      TransactionResult slow = session.deliver(line.following(), () -> true, line);

      assertThat(code(slow)).isEqualTo(250);
      assertThat(line.withdrawn).isEqualTo(1);
      assertThat(session.usable()).isFalse();
    }
    assertThat(sink.received()).hasSize(2);
  }

  @Test
  void behindAServerWhoseOwnWorkTakesLongNothingWaits() {
    Line line =
        new Line(
            IntStream.range(0, 4)
                .mapToObj(i -> mail("n: " + i + "\r\n\r\n", "slow-dot-100ms@x.example"))
                .toList());
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      for (MailTransaction mail = line.poll(); mail != null; mail = line.following()) {
        assertThat(code(session.deliver(mail, () -> true, line))).isEqualTo(250);
      }
    }
    assertThat(line.lent).isZero();
    assertThat(sink.received()).hasSize(4);
  }

  @Test
  void theNextOneIsNotHandedOverWhenTheConnectionDiesUnderTheOneBefore() {
    Line line = Line.to("quick@x.example", "close-after-dot@x.example", "next@x.example");
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      session.deliver(line.poll(), () -> true, line);
      TransactionResult cut = session.deliver(line.following(), () -> true, line);

      assertThat(cut.recipients().getFirst()).isInstanceOf(RecipientResult.InDoubt.class);
      assertThat(session.usable()).isFalse();
    }
    assertThat(sink.received()).hasSize(2);
  }

  @Test
  void whoseOwnershipEndsAfterItsEnvelopeSendsNoContent() {
    Line line = Line.to("a@x.example", "b@x.example", "c@x.example");
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      session.deliver(line.poll(), () -> true, line);
      session.deliver(line.following(), () -> true, line);
      TransactionResult stale = session.deliver(line.following(), () -> false, line);

      assertThat(stale.recipients().getFirst()).isInstanceOf(RecipientResult.Faulted.class);
    }
    assertThat(sink.received()).hasSize(2);
  }

  /** Rule 7: whatever is done between the answer and the dot is time in which a process may be stopped. */
  @Test
  void ownershipIsAskedForOnceTheNextMessageIsPrepared() {
    Line line = Line.to("a@x.example", "b@x.example", "c@x.example");
    try (SmtpSession session = connect(transport, endpoint(sink.port(), WITHIN))) {
      session.deliver(line.poll(), () -> true, line);
      int lent = line.lent;
      TransactionResult stale = session.deliver(line.following(), () -> line.lent == lent, line);

      assertThat(stale.recipients().getFirst()).isInstanceOf(RecipientResult.Faulted.class);
      assertThat(session.usable()).isFalse();
    }
    assertThat(sink.received()).hasSize(1);
  }

  private static int code(TransactionResult result) {
    return ((RecipientResult.Answered) result.recipients().getFirst()).reply().code();
  }

  /** A queue whose head is lent out whenever it is asked for. */
  private static final class Line implements Lookahead {
    private final ArrayDeque<MailTransaction> waiting;
    private MailTransaction ahead;
    private int lent;
    private int withdrawn;

    Line(List<MailTransaction> mails) {
      waiting = new ArrayDeque<>(mails);
    }

    /** A numbered message to each. */
    static Line to(String... recipients) {
      return new Line(
          IntStream.range(0, recipients.length)
              .mapToObj(i -> mail("n: " + i + "\r\n\r\n", recipients[i]))
              .toList());
    }

    MailTransaction poll() {
      return waiting.poll();
    }

    /** The one lent out, else the next. */
    MailTransaction following() {
      MailTransaction next = ahead;
      ahead = null;
      return next == null ? waiting.poll() : next;
    }

    @Override
    public Optional<MailTransaction> next() {
      ahead = waiting.poll();
      lent += ahead == null ? 0 : 1;
      return Optional.ofNullable(ahead);
    }

    @Override
    public void withdrawn() {
      waiting.addFirst(ahead);
      ahead = null;
      withdrawn++;
    }
  }
}
