package io.tandemmail.smtp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.smtp.DsnRequest;
import io.tandemmail.smtp.Fault;
import io.tandemmail.smtp.MailTransaction;
import io.tandemmail.smtp.Phase;
import io.tandemmail.smtp.RecipientResult;
import io.tandemmail.smtp.Reply;
import io.tandemmail.smtp.TransactionResult;
import io.tandemmail.smtp.protocol.MailExchange.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The machine alone: what it writes, group by group, and whom it credits with which reply. */
class MailExchangeTest {
  private static final String OK = "250 Ok";
  private static final String GO = "354 Go";
  private static final Fault GONE = new Fault(Fault.Kind.CLOSED, Phase.FINAL_DOT, "");

  @Test
  void inLockStepOneCommandIsOutstanding() {
    Run run = new Run("SIZE", "8BITMIME").begin("a@x", "b@x");

    assertThat(run.until(Step.CONTENT, OK, OK, OK, GO))
        .containsExactly("MAIL FROM:<s@x> SIZE=9", "RCPT TO:<a@x>", "RCPT TO:<b@x>", "DATA");
    assertThat(run.contentThenReplies(OK)).isEqualTo(".\r\n");
    assertThat(run.answers()).containsExactly("FINAL_DOT 250", "FINAL_DOT 250");
  }

  @Test
  void withPipeliningTheEnvelopeIsOneGroup() {
    Run run = new Run("PIPELINING").begin("a@x", "b@x");

    assertThat(run.until(Step.CONTENT, OK, OK, OK, GO))
        .containsExactly("MAIL FROM:<s@x>\r\nRCPT TO:<a@x>\r\nRCPT TO:<b@x>\r\nDATA");
  }

  @Test
  void theNextEnvelopeGoesBehindTheFinalDotAndItsRepliesAreItsOwn() {
    Run run = new Run("PIPELINING").begin("a@x");
    run.until(Step.CONTENT, OK, OK, GO);
    MailTransaction next = mail("c@x");
    assertThat(run.exchange.canBeginBehind()).isTrue();
    run.exchange.beginBehind(next);

    assertThat(run.contentThenReplies("550 5.7.1 no"))
        .isEqualTo(".\r\nMAIL FROM:<s@x>\r\nRCPT TO:<c@x>\r\nDATA\r\n");
    assertThat(run.answers()).containsExactly("FINAL_DOT 550");

    run.exchange.begin(next);
    assertThat(run.until(Step.CONTENT, OK, OK, GO)).isEmpty();
    assertThat(run.contentThenReplies(OK)).isEqualTo(".\r\n");
    assertThat(run.answers()).containsExactly("FINAL_DOT 250");
  }

  @Test
  void withChunkingTheContentFollowsItsEnvelopeAndTheNextEnvelopeTheContent() {
    Run run = new Run("PIPELINING", "CHUNKING").begin("a@x");

    assertThat(run.until(Step.CONTENT, OK, OK)).containsExactly("MAIL FROM:<s@x>\r\nRCPT TO:<a@x>");
    assertThat(run.pending()).isEqualTo("BDAT 11 LAST\r\n");
    MailTransaction next = mail("c@x");
    run.exchange.beginBehind(next);
    assertThat(run.contentThenReplies(OK)).isEqualTo("MAIL FROM:<s@x>\r\nRCPT TO:<c@x>\r\n");
    assertThat(run.answers()).containsExactly("FINAL_DOT 250");

    run.exchange.begin(next);
    assertThat(run.until(Step.CONTENT, OK, OK)).isEmpty();
    assertThat(run.pending()).isEqualTo("BDAT 11 LAST\r\n");
  }

  @Test
  void aChunkForNobodyIsNotSentAndTheNextTransactionIsReset() {
    Run run = new Run("PIPELINING", "CHUNKING");
    run.exchange.begin(mail("a@x"));
    run.until(Step.SETTLED, OK, "550 5.1.1 who?");

    assertThat(run.answers()).containsExactly("RCPT 550");
    run.exchange.begin(mail("b@x"));
    assertThat(run.until(Step.CONTENT, OK, OK, OK))
        .containsExactly("RSET\r\nMAIL FROM:<s@x>\r\nRCPT TO:<b@x>");
  }

  @Test
  void aRefusedMailSettlesEveryRecipientAndItsGroupIsReadToTheEnd() {
    Run run = new Run("PIPELINING").begin("a@x", "b@x");
    run.until(Step.SETTLED, "452 4.3.1 full", "503 no MAIL", "503 no MAIL", "503 no RCPT");

    assertThat(run.answers()).containsExactly("MAIL 452", "MAIL 452");
    assertThat(run.exchange.usable()).isTrue();
  }

  @Test
  void aServerThatWantsContentForNobodyGetsNone() {
    Run run = new Run("PIPELINING").begin("a@x");

    assertThat(run.until(Step.SETTLED, OK, "550 no", GO, "554 no valid recipients"))
        .containsExactly("MAIL FROM:<s@x>\r\nRCPT TO:<a@x>\r\nDATA", ".");
    assertThat(run.answers()).containsExactly("RCPT 550");
  }

  @Test
  void a421EndsTheConnectionAndSpeaksForAllStillOpen() {
    Run run = new Run("PIPELINING").begin("a@x", "b@x");
    run.until(Step.SETTLED, OK, "550 no", "421 bye");

    assertThat(run.answers()).containsExactly("RCPT 550", "RCPT 421");
    assertThat(run.exchange.usable()).isFalse();
  }

  @Test
  void whoIsOpenWhenTheConnectionBreaksIsInDoubtOnlyAfterTheLastByte() {
    Run before = new Run("PIPELINING").begin("a@x", "b@x");
    before.until(Step.CONTENT, OK, "550 no", OK, GO);
    assertThat(before.exchange.broken(GONE).recipients())
        .hasExactlyElementsOfTypes(RecipientResult.Answered.class, RecipientResult.Faulted.class);

    Run after = new Run("PIPELINING").begin("a@x", "b@x");
    after.until(Step.CONTENT, OK, "550 no", OK, GO);
    after.exchange.contentWritten();
    assertThat(after.exchange.broken(GONE).recipients())
        .hasExactlyElementsOfTypes(RecipientResult.Answered.class, RecipientResult.InDoubt.class);
  }

  @Test
  void theOneBegunBehindIsNeverInDoubtForTheOneBeforeIt() {
    Run run = new Run("PIPELINING").begin("a@x");
    run.until(Step.CONTENT, OK, OK, GO);
    MailTransaction next = mail("c@x");
    run.exchange.beginBehind(next);
    run.exchange.contentWritten();
    assertThat(run.exchange.broken(GONE).recipients())
        .hasOnlyElementsOfType(RecipientResult.InDoubt.class);

    TransactionResult behind = run.exchange.broken(GONE);
    assertThat(behind.recipients()).hasOnlyElementsOfType(RecipientResult.Faulted.class);
    assertThat(behind.attempted()).isFalse();
  }

  @Test
  void aNewConnectionThatBreaksBeforeTheFirstReplyCountsAsAnAttemptAReusedOneDoesNot() {
    Run run = new Run("PIPELINING").begin("a@x");
    run.until(Step.AWAIT);
    assertThat(run.exchange.broken(GONE).attempted()).isTrue();

    Run reused = new Run("PIPELINING").begin("a@x");
    reused.until(Step.CONTENT, OK, OK, GO);
    reused.contentThenReplies(OK);
    reused.answers();
    reused.begin("b@x").until(Step.AWAIT);
    assertThat(reused.exchange.broken(GONE).attempted()).isFalse();
  }

  @Test
  void aFarewellOnAConnectionInUseIsNoAttemptAndOnANewOneItIs() {
    Run fresh = new Run("PIPELINING").begin("a@x");
    fresh.until(Step.SETTLED, "421 too busy");
    assertThat(fresh.exchange.finish().attempted()).isTrue();

    Run reused = new Run("PIPELINING").begin("a@x");
    reused.until(Step.CONTENT, OK, OK, GO);
    reused.contentThenReplies(OK);
    reused.answers();
    reused.begin("b@x").until(Step.SETTLED, "421 you were long enough here");
    assertThat(reused.exchange.usable()).isFalse();
    assertThat(reused.exchange.finish().attempted()).isFalse();
  }

  @Test
  void noMoreCommandsAreOutThanBothSidesCanBuffer() {
    String[] many = IntStream.range(0, 1_000).mapToObj(i -> "r" + i + "@x").toArray(String[]::new);
    Run run = new Run("PIPELINING").begin(many);
    String[] replies = new String[1_002];
    Arrays.fill(replies, OK);
    replies[1_001] = GO;

    List<String> groups = run.until(Step.CONTENT, replies);
    assertThat(groups).hasSize(6);
    assertThat(groups).allSatisfy(group -> assertThat(group.lines()).hasSizeLessThanOrEqualTo(200));
    assertThat(String.join("\r\n", groups).lines()).hasSize(1_002);
  }

  @Test
  void whatTheServerCannotTakeIsRefusedWithoutAskingIt() {
    assertThat(settledUnasked(new Run("SIZE 8").begin("a@x"))).containsExactly("MAIL 552");
    assertThat(settledUnasked(new Run("8BITMIME").begin("ü@x"))).containsExactly("MAIL 553");
    Run eightBit = new Run("SIZE");
    eightBit.exchange.begin(mail("From: ü\r\n", "a@x"));
    assertThat(settledUnasked(eightBit)).containsExactly("MAIL 554");
  }

  @Test
  void recipientsBeyondTheServersLimitWaitForAnotherTransaction() {
    Run run = new Run("PIPELINING", "LIMITS RCPTMAX=1").begin("a@x", "b@x");

    assertThat(run.until(Step.CONTENT, OK, OK, GO))
        .containsExactly("MAIL FROM:<s@x>\r\nRCPT TO:<a@x>\r\nDATA");
    run.contentThenReplies(OK);
    assertThat(run.answers()).containsExactly("FINAL_DOT 250", "RCPT 452");
  }

  @Test
  void parametersAreSentOnlyToServersThatOfferThem() {
    DsnRequest dsn =
        new DsnRequest(
            Optional.of("id+1 ü"),
            Optional.of(DsnRequest.Content.HDRS),
            Set.of(DsnRequest.Notify.FAILURE, DsnRequest.Notify.SUCCESS),
            true);
    MailTransaction mail = new MailTransaction("s@x", List.of("a+b@x"), bytes("From: ü\r\n"), dsn);

    Run full = new Run("SIZE", "8BITMIME", "SMTPUTF8", "DSN", "PIPELINING");
    full.exchange.begin(mail);
    assertThat(full.until(Step.CONTENT, OK, OK, GO).getFirst())
        .startsWith(
            "MAIL FROM:<s@x> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=id+2B1+20+C3+BC\r\n"
                + "RCPT TO:<a+b@x> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a+2Bb@x\r\n");

    Run plain = new Run("8BITMIME", "PIPELINING");
    plain.exchange.begin(mail);
    assertThat(plain.until(Step.CONTENT, OK, OK, GO).getFirst())
        .startsWith("MAIL FROM:<s@x> BODY=8BITMIME\r\nRCPT TO:<a+b@x>\r\n");
  }

  private static List<String> settledUnasked(Run run) {
    assertThat(run.until(Step.SETTLED)).isEmpty();
    return run.answers();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MailTransaction mail(String... recipients) {
    return new MailTransaction("s@x", List.of(recipients), bytes("a: b\r\n\r\nc"));
  }

  private static MailTransaction mail(String content, String recipient) {
    return new MailTransaction("s@x", List.of(recipient), bytes(content));
  }

  /** Drives the machine as the shell does, with a list of replies for a server. */
  private static final class Run {
    private final MailExchange exchange;

    Run(String... keywords) {
      String ehlo = "sink.example" + Reply.LINE_BREAK + String.join(Reply.LINE_BREAK, keywords);
      exchange = new MailExchange(Capabilities.of(new Reply(250, Optional.empty(), ehlo)));
    }

    Run begin(String... recipients) {
      exchange.begin(mail(recipients));
      return this;
    }

    /** What was sent, a string per write, until the machine asks for this step. */
    List<String> until(Step wanted, String... replies) {
      List<String> sent = new ArrayList<>();
      int next = 0;
      while (true) {
        Step step = exchange.step();
        if (step == wanted && next == replies.length) {
          return sent;
        }
        switch (step) {
          case SEND -> sent.add(pending().strip());
          case AWAIT -> {
            assertThat(next).as("replies asked for").isLessThan(replies.length);
            exchange.replied(reply(replies[next++]));
          }
          case CONTENT, SETTLED -> throw new AssertionError(step + " after " + sent);
        }
      }
    }

    String contentThenReplies(String... replies) {
      exchange.contentWritten();
      String behind = pending();
      until(Step.SETTLED, replies);
      return behind;
    }

    String pending() {
      String text =
          new String(exchange.output(), 0, exchange.outputLength(), StandardCharsets.UTF_8);
      exchange.outputTaken();
      return text;
    }

    /** Phase and code that settled each recipient. */
    List<String> answers() {
      return exchange.finish().recipients().stream()
          .map(RecipientResult.Answered.class::cast)
          .map(answered -> answered.phase() + " " + answered.reply().code())
          .toList();
    }

    private static Reply reply(String line) {
      return new Reply(Integer.parseInt(line.substring(0, 3)), Optional.empty(), line.substring(4));
    }
  }
}
