package io.tandemmail.ingest.dialogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandemmail.ingest.dialogue.Rules.Peer;
import io.tandemmail.ingest.dialogue.Rules.Tls;
import io.tandemmail.model.settings.SmtpSettings.BounceAddress;
import io.tandemmail.smtp.server.Content;
import io.tandemmail.smtp.server.Line;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of docs/smtp-submission.md, row by row. */
class SubmissionDialogueTest {
  private static final Optional<Predicate<String>> KEY = Optional.of("secret"::equals);
  private static final Optional<BounceAddress> BOUNCE =
      Optional.of(new BounceAddress(Optional.of("bounce"), "example.com"));
  private static final Rules OPEN = rules(Optional.empty(), Tls.NONE, Optional.empty());
  private static final Rules KEYED = rules(KEY, Tls.OFFERED, Optional.empty());
  private static final Rules MAILBOX = rules(KEY, Tls.OFFERED, BOUNCE);

  /** Commands before the last one must succeed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HELO x | 250 mx.test",
        "EHLO | 501 5.5.4",
        "NOOP | 250 2.0.0",
        "noop | 250 2.0.0",
        "VRFY ann | 252 2.5.0",
        "HELP | 214 2.0.0",
        "EXPN all | 502 5.5.1",
        "FOO | 500 5.5.2",
        "QUIT | 221 2.0.0",
        "STARTTLS | 502 5.5.1",
        "AUTH PLAIN | 502 5.5.1",
        "MAIL FROM:<a@b.example> | 503 5.5.1",
        "EHLO x~MAIL FROM:<a@b.example> | 250 2.1.0",
        "EHLO x~MAIL FROM:<> | 250 2.1.0",
        "EHLO x~MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME SMTPUTF8 | 250 2.1.0",
        "EHLO x~MAIL FROM:<a@b.example> SIZE=1001 | 552 5.3.4",
        "EHLO x~MAIL FROM:<a@b.example> SIZE=99999999999999999999 | 552 5.3.4",
        "EHLO x~MAIL FROM:<a@b.example> SIZE=x | 501 5.5.4",
        "EHLO x~MAIL FROM:<a@b.example> BODY=BINARYMIME | 501 5.5.4",
        "EHLO x~MAIL FROM:<a@b.example> RET=FULL | 555 5.5.4",
        "EHLO x~MAIL FROM:<a@b.example> AUTH=<> | 555 5.5.4",
        "EHLO x~MAIL a@b.example | 501 5.5.4",
        "EHLO x~MAIL FROM:<a b@b.example> | 553 5.1.7",
        "EHLO x~MAIL FROM:<jörg@b.example> | 553 5.6.7",
        "EHLO x~MAIL FROM:<jörg@b.example> SMTPUTF8 | 250 2.1.0",
        "EHLO x~MAIL FROM:<>~MAIL FROM:<> | 503 5.5.1",
        "EHLO x~RCPT TO:<a@b.example> | 503 5.5.1",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example> | 250 2.1.5",
        "EHLO x~MAIL FROM:<>~RCPT TO:<nobody> | 553 5.1.3",
        "EHLO x~MAIL FROM:<>~RCPT TO:<> | 553 5.1.3",
        "EHLO x~MAIL FROM:<>~RCPT nobody | 501 5.5.4",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example> NOTIFY=NEVER | 555 5.5.4",
        "EHLO x~MAIL FROM:<>~RCPT TO:<1@b.example>~RCPT TO:<2@b.example>~RCPT TO:<3@b.example> | 452 4.5.3",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~DATA | 354 ",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~DATA now | 501 5.5.4",
        "EHLO x~DATA | 503 5.5.1",
        "EHLO x~MAIL FROM:<>~DATA | 554 5.5.1",
        "EHLO x~MAIL FROM:<>~RSET | 250 2.0.0",
        "EHLO x~MAIL FROM:<>~RSET~RCPT TO:<a@b.example> | 503 5.5.1",
        "EHLO x~BDAT 10 LAST | 503 5.5.1",
        "EHLO x~MAIL FROM:<>~BDAT 10 LAST | 554 5.5.1",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT 10 FIRST | 501 5.5.4",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT 1001 LAST | 552 5.3.4",
        "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT x | 501 5.5.4",
      })
  void everyCommandHasItsReply(String commands, String reply) {
    assertThat(last(new SubmissionDialogue(OPEN, Peer.LOOPBACK), commands)).startsWith(reply);
  }

  @Test
  void whatIsOfferedIsWhatIsThere() {
    assertThat(last(new SubmissionDialogue(OPEN, Peer.LOOPBACK), "EHLO x"))
        .isEqualTo(
            "250-mx.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n"
                + "250-ENHANCEDSTATUSCODES\r\n250-SIZE 1000\r\n250 LIMITS RCPTMAX=2\r\n");
    SubmissionDialogue remote = new SubmissionDialogue(KEYED, Peer.REMOTE);
    assertThat(last(remote, "EHLO x")).contains("STARTTLS").doesNotContain("AUTH");
    remote.secured();
    assertThat(last(remote, "EHLO x")).contains("AUTH PLAIN LOGIN").doesNotContain("STARTTLS");
    assertThat(last(new SubmissionDialogue(KEYED, Peer.LOOPBACK), "EHLO x"))
        .contains("STARTTLS", "AUTH PLAIN LOGIN");
  }

  @Test
  void aBareLineFeedEndsTheConnectionAndControlCharactersAreNoCommand() {
    SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
    assertThat(dialogue.line(new Line("NOOP", Line.End.BARE_LF)))
        .isInstanceOfSatisfying(
            Step.Close.class, close -> assertThat(close.reply().wire()).startsWith("500 5.5.2"));
    assertThat(last(dialogue, "NOOP\rNOOP")).startsWith("500 5.5.2");
    assertThat(last(dialogue, "NOOP \ufffd")).startsWith("500 5.5.2");
  }

  @Test
  void anUnreadableChunkSizeEndsTheConnectionAndARefusedChunkIsSkipped() {
    SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
    assertThat(step(dialogue, "BDAT")).isInstanceOf(Step.Close.class);
    assertThat(step(dialogue, "BDAT 12 LAST"))
        .isInstanceOfSatisfying(Step.SkipChunk.class, s -> assertThat(s.size()).isEqualTo(12));
  }

  @Test
  void contentGoesToTheDeskWithItsEnvelope() {
    SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
    last(dialogue, "EHLO x~MAIL FROM:<a@b.example>~RCPT TO:<1@b.example>~RCPT TO:<2@b.example>");
    assertThat(step(dialogue, "DATA")).isInstanceOf(Step.TakeContent.class);
    assertThat(dialogue.isIdle()).isFalse();
    assertThat(dialogue.content(whole("x")))
        .isInstanceOfSatisfying(
            Step.Deliver.class,
            deliver ->
                assertThat((Mail.Submission) deliver.mail())
                    .returns("a@b.example", Mail.Submission::reversePath)
                    .returns(List.of("1@b.example", "2@b.example"), Mail.Submission::recipients));
    assertThat(dialogue.isIdle()).isTrue();
    assertThat(last(dialogue, "MAIL FROM:<>")).startsWith("250");
  }

  @Test
  void lostContentIsRefusedAndTheNextMailMayCome() {
    for (Content lost : new Content[] {Content.TOO_LONG, Content.NO_ROOM}) {
      SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
      last(dialogue, "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~DATA");
      String reply = wire(dialogue.content(lost));
      assertThat(reply).startsWith(lost.equals(Content.NO_ROOM) ? "452 4.3.1" : "552 5.3.4");
      last(dialogue, "MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT 5");
      assertThat(wire(dialogue.chunk(lost))).isEqualTo(reply);
      assertThat(last(dialogue, "MAIL FROM:<>")).startsWith("250");
    }
  }

  @Test
  void chunksAreOneMessageAndTheirSumIsBounded() {
    SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
    last(dialogue, "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT 2");
    assertThat(wire(dialogue.chunk(whole("ab")))).startsWith("250 2.0.0 2 bytes");
    assertThat(last(dialogue, "RCPT TO:<b@b.example>")).startsWith("503");
    assertThat(last(dialogue, "DATA")).startsWith("503");
    assertThat(step(dialogue, "BDAT 999")).isInstanceOf(Step.SkipChunk.class);
    assertThat(dialogue.isIdle()).isTrue();

    last(dialogue, "MAIL FROM:<>~RCPT TO:<a@b.example>~BDAT 2");
    dialogue.chunk(whole("ab"));
    assertThat(step(dialogue, "BDAT 1 LAST")).isEqualTo(new Step.TakeChunk(1, 3));
    assertThat(dialogue.chunk(whole("c")))
        .isInstanceOfSatisfying(
            Step.Deliver.class,
            deliver -> assertThat(deliver.mail().content()).asString().isEqualTo("abc"));
  }

  @Test
  void withoutItsKeyNobodySubmits() {
    SubmissionDialogue clear = new SubmissionDialogue(KEYED, Peer.REMOTE);
    assertThat(last(clear, "EHLO x~MAIL FROM:<>")).startsWith("530 5.7.0 STARTTLS first");
    assertThat(last(clear, "AUTH PLAIN " + plain("secret"))).startsWith("538 5.7.11");
    clear.secured();
    assertThat(last(clear, "MAIL FROM:<>")).startsWith("503 5.5.1 EHLO");
    assertThat(last(clear, "EHLO x~MAIL FROM:<>")).startsWith("530 5.7.0 authenticate");
    assertThat(last(clear, "AUTH PLAIN " + plain("wrong"))).startsWith("535 5.7.8");
    assertThat(last(clear, "AUTH GSSAPI")).startsWith("504 5.5.4");
    assertThat(last(clear, "AUTH PLAIN " + plain("secret"))).startsWith("235 2.7.0");
    assertThat(last(clear, "AUTH PLAIN " + plain("secret"))).startsWith("503 5.5.1");
    assertThat(last(clear, "MAIL FROM:<a@b.example> AUTH=<>")).startsWith("250");
  }

  @Test
  void bothMechanismsMayAskAndBeCancelled() {
    SubmissionDialogue dialogue = new SubmissionDialogue(KEYED, Peer.LOOPBACK);
    assertThat(last(dialogue, "EHLO x~AUTH PLAIN")).isEqualTo("334 \r\n");
    assertThat(last(dialogue, "*")).startsWith("501 5.7.0");
    assertThat(last(dialogue, "AUTH LOGIN")).isEqualTo("334 VXNlcm5hbWU6\r\n");
    assertThat(last(dialogue, base64("anybody"))).isEqualTo("334 UGFzc3dvcmQ6\r\n");
    assertThat(last(dialogue, base64("secret"))).startsWith("235");
    assertThat(last(dialogue, "MAIL FROM:<>")).startsWith("250");
  }

  @Test
  void guessingKeysEndsTheConnection() {
    SubmissionDialogue dialogue = new SubmissionDialogue(KEYED, Peer.LOOPBACK);
    last(dialogue, "EHLO x");
    assertThat(last(dialogue, "AUTH PLAIN " + plain("a"))).startsWith("535");
    assertThat(last(dialogue, "AUTH PLAIN !")).startsWith("535");
    assertThat(step(dialogue, "AUTH PLAIN " + plain("b"))).isInstanceOf(Step.Close.class);
  }

  @Test
  void whatWasSaidInClearIsForgottenWithTls() {
    SubmissionDialogue dialogue = new SubmissionDialogue(KEYED, Peer.LOOPBACK);
    last(dialogue, "EHLO x~AUTH PLAIN " + plain("secret") + "~MAIL FROM:<a@b.example>");
    assertThat(step(dialogue, "STARTTLS")).isInstanceOf(Step.SwitchToTls.class);
    dialogue.secured();
    assertThat(last(dialogue, "RCPT TO:<a@b.example>")).startsWith("503");
    assertThat(last(dialogue, "EHLO x~MAIL FROM:<>")).startsWith("530");
    assertThat(last(dialogue, "STARTTLS")).startsWith("503");
  }

  @Test
  void everybodyReachesTheBounceMailboxAndNothingElse() {
    SubmissionDialogue stranger = new SubmissionDialogue(MAILBOX, Peer.REMOTE);
    last(stranger, "EHLO x~MAIL FROM:<>");
    assertThat(last(stranger, "RCPT TO:<ann@example.net>")).startsWith("530 5.7.0");
    assertThat(last(stranger, "RCPT TO:<bouncer@example.com>")).startsWith("530 5.7.0");
    assertThat(last(stranger, "RCPT TO:<Bounce+Order-7@Example.com>")).startsWith("250");
    assertThat(last(stranger, "RCPT TO:<ann@example.net>")).startsWith("530 5.7.0");
    assertThat(last(stranger, "RCPT TO:<bounce@example.com>")).startsWith("452 4.5.3");
    step(stranger, "DATA");
    assertThat(stranger.content(whole("x")))
        .isInstanceOfSatisfying(
            Step.Deliver.class,
            deliver ->
                assertThat((Mail.Report) deliver.mail())
                    .returns("Bounce+Order-7@Example.com", Mail.Report::sentTo));
  }

  @Test
  void aReportDoesNotMixWithASubmission() {
    SubmissionDialogue dialogue =
        new SubmissionDialogue(rules(Optional.empty(), Tls.NONE, BOUNCE), Peer.LOOPBACK);
    last(dialogue, "EHLO x~MAIL FROM:<>~RCPT TO:<a@b.example>");
    assertThat(last(dialogue, "RCPT TO:<bounce@example.com>")).startsWith("452 4.5.3");
    last(dialogue, "RSET~MAIL FROM:<>~RCPT TO:<bounce@example.com>");
    assertThat(last(dialogue, "RCPT TO:<a@b.example>")).startsWith("452 4.5.3");
  }

  @Test
  void withoutRoomForNewMailItIsRefusedAtMailBeforeItsContentComes() {
    SubmissionDialogue dialogue = new SubmissionDialogue(fullDisk(Optional.empty()), Peer.LOOPBACK);
    last(dialogue, "EHLO x");
    assertThat(last(dialogue, "MAIL FROM:<a@b.example>"))
        .startsWith("452 4.3.1")
        .contains("disk 7 is short");
    assertThat(dialogue.isIdle()).isTrue();
  }

  @Test
  void withoutRoomForNewMailReportsOfOldMailAreTaken() {
    SubmissionDialogue dialogue = new SubmissionDialogue(fullDisk(BOUNCE), Peer.LOOPBACK);
    last(dialogue, "EHLO x~MAIL FROM:<>");
    assertThat(last(dialogue, "RCPT TO:<ann@example.net>")).startsWith("452 4.3.1");
    assertThat(last(dialogue, "RCPT TO:<bounce@example.com>")).startsWith("250");
  }

  @Test
  void endlessMistakesEndTheConnection() {
    SubmissionDialogue dialogue = new SubmissionDialogue(OPEN, Peer.LOOPBACK);
    for (int i = 0; i < 20; i++) {
      assertThat(last(dialogue, "GET / HTTP/1.1")).startsWith("500");
    }
    assertThat(step(dialogue, "Host: x")).isInstanceOf(Step.Close.class);
  }

  @Test
  void aReplyIsPrintableWhateverItQuotes() {
    assertThat(ContentReplies.accepted("a\r\n250 b\u00e9").wire())
        .isEqualTo("250 2.6.0 a??250 b? accepted\r\n");
    assertThat(Reply.of(250, "x".repeat(2000)).wire()).hasSizeLessThanOrEqualTo(512);
  }

  private static Rules rules(
      Optional<Predicate<String>> keys, Tls tls, Optional<BounceAddress> bounces) {
    return new Rules("mx.test", 1000, 2, Optional::empty, keys, tls, bounces);
  }

  private static Rules fullDisk(Optional<BounceAddress> bounces) {
    return new Rules(
        "mx.test",
        1000,
        2,
        () -> Optional.of("disk 7 is short"),
        Optional.empty(),
        Tls.NONE,
        bounces);
  }

  private static Step step(SubmissionDialogue dialogue, String line) {
    return dialogue.line(new Line(line, Line.End.CRLF));
  }

  private static String last(SubmissionDialogue dialogue, String lines) {
    String[] all = lines.split("~", -1);
    for (int i = 0; i < all.length - 1; i++) {
      assertThat(wire(step(dialogue, all[i]))).as(all[i]).matches("(?s)[23].*");
    }
    return wire(step(dialogue, all[all.length - 1]));
  }

  private static String wire(Step step) {
    return switch (step) {
      case Step.Say(Reply reply) -> reply.wire();
      case Step.Close(Reply reply) -> reply.wire();
      case Step.TakeContent(Reply reply, int sizeMax) -> reply.wire();
      case Step.SkipChunk(long size, Reply reply) -> reply.wire();
      case Step.SwitchToTls(Reply reply) -> reply.wire();
      case Step.TakeChunk chunk -> "2 chunk";
      case Step.Deliver deliver -> "2 deliver";
    };
  }

  private static Content whole(String text) {
    return new Content.Whole(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String plain(String key) {
    return base64("\0anybody\0" + key);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
