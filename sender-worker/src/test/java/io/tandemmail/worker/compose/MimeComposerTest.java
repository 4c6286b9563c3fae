package io.tandemmail.worker.compose;

import static io.tandemmail.worker.compose.Composing.compose;
import static io.tandemmail.worker.compose.Composing.parse;
import static io.tandemmail.worker.compose.Composing.quoted;
import static io.tandemmail.worker.compose.Composing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandemmail.model.settings.RouteSettings.OwedHeaders;
import io.tandemmail.model.submission.MessageFacts;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mail reader makes of the message; Jakarta Mail plays it. */
class MimeComposerTest {
  private static final String SUBMISSION =
      """
      {"from":"Bücher <shop@example.com>","to":["Ann <ann@example.net>"],"bcc":["secret@example.net"],"subject":"Grüße €",
       "text":"Hallo\\n.Punkt\\n","html":"<p>Hallo €</p>","headers":{"X-Campaign":"spring"},
       "attachments":[{"filename":"rechnung-ä.pdf","contentType":"application/pdf","content":"AAECAwQ="}]}\
      """;

  /** Of every kind that matters: plain, quoted, folded, of two to four octets a character, and looking like syntax. */
  private static final String[] PIECES = {
    "a",
    "word",
    " ",
    "  ",
    "ä",
    "€",
    "漢字",
    "🎉",
    "é",
    "=?UTF-8?Q?x?=",
    "\"",
    "\\",
    ",",
    "(",
    "<",
    ">",
    "@",
    ";",
    "_",
    "?",
    "=",
    "%41",
    "'",
    "Grüße",
    "longerword-without-an-end-".repeat(4)
  };

  @Test
  void aMailReaderSeesWhatWasSubmitted() throws Exception {
    MimeMessage message = parse(compose(SUBMISSION));

    assertThat(message.getSubject()).isEqualTo("Grüße €");
    assertThat(message.getFrom())
        .containsExactly(new InternetAddress("shop@example.com", "Bücher", "UTF-8"));
    assertThat(((InternetAddress) message.getFrom()[0]).getPersonal()).isEqualTo("Bücher");
    assertThat(message.getHeader("X-Campaign")).containsExactly("spring");
    assertThat(message.getSentDate())
        .isEqualTo(
            Composing.FACTS.submittedAt().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    Multipart mixed = (Multipart) message.getContent();
    Multipart alternative = (Multipart) mixed.getBodyPart(0).getContent();
    assertThat(alternative.getContentType()).startsWith("multipart/alternative");
    assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("Hallo\r\n.Punkt\r\n");
    assertThat(alternative.getBodyPart(1).getContent()).isEqualTo("<p>Hallo €</p>");
    assertThat(mixed.getBodyPart(1).getFileName()).isEqualTo("rechnung-ä.pdf");
    assertThat(mixed.getBodyPart(1).getDisposition()).isEqualTo(Part.ATTACHMENT);
    assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void anyTextComesThroughEveryHeaderField() throws Exception {
    for (int seed = 0; seed < 400; seed++) {
      String subject = random(seed);
      String name = random(seed + 1_000);
      String filename = random(seed + 2_000);
      byte[] composed =
          compose(
              "{\"from\":\"a@example.com\",\"to\":[%s,\"b@example.com\"],\"subject\":%s,\"attachments\":[{\"filename\":%s,\"content\":\"QQ==\"}]}"
                  .formatted(
                      quoted(
                          "\""
                              + name.replace("\\", "\\\\").replace("\"", "\\\"")
                              + "\" <ann@example.net>"),
                      quoted(subject),
                      quoted(filename)));
      MimeMessage message = parse(composed);

      assertThat(message.getSubject()).as("seed %d", seed).isEqualTo(subject);
      InternetAddress to = (InternetAddress) message.getAllRecipients()[0];
      assertThat(to.getAddress()).as("seed %d", seed).isEqualTo("ann@example.net");
      assertThat(to.getPersonal()).as("seed %d", seed).isEqualTo(name);
      assertThat(message.getAllRecipients()).as("seed %d", seed).hasSize(2);
      assertThat(((Multipart) message.getContent()).getBodyPart(0).getFileName())
          .as("seed %d", seed)
          .isEqualTo(filename);
      assertLines(composed, seed);
    }
  }

  @Test
  void anyTextComesThroughAsABody() throws Exception {
    String[] ends = {
      "\n", "\r\n", "\r", " \n", "\t\n", "From x\n", ".\n", "\u0000", "\u001b", "x".repeat(1200)
    };
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      StringBuilder body = new StringBuilder();
      for (int i = random.nextInt(60); i >= 0; i--) {
        body.append(PIECES[random.nextInt(PIECES.length)]);
        body.append(random.nextInt(3) == 0 ? ends[random.nextInt(ends.length)] : "");
      }
      String given = body.toString();
      byte[] composed =
          compose(
              "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":%s,\"html\":%s}"
                  .formatted(quoted(given), quoted(given)));
      String normal = given.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
      Multipart alternative = (Multipart) parse(composed).getContent();
      for (int part = 0; part < 2; part++) {
        byte[] octets = alternative.getBodyPart(part).getInputStream().readAllBytes();
        assertThat(new String(octets, StandardCharsets.UTF_8))
            .as("seed %d", seed)
            .isEqualTo(normal);
      }
      assertLines(composed, seed);
      assertThat(composed).as("seed %d", seed).doesNotContain((byte) 0);
    }
  }

  @Test
  void theTransferEncodingSuitsTheText() throws Exception {
    assertThat(encoding("Hello\n" + "x".repeat(998) + "\n")).isEqualTo("7bit");
    assertThat(encoding("x".repeat(999))).isEqualTo("quoted-printable");
    assertThat(encoding("Dear Zoë, " + "thank you. ".repeat(10))).isEqualTo("quoted-printable");
    assertThat(encoding("Hi\nFrom me\n")).isEqualTo("quoted-printable");
    assertThat(encoding("Nul \u0000")).isEqualTo("quoted-printable");
    assertThat(encoding("Здравствуйте")).isEqualTo("base64");
  }

  @Test
  void picturesOfTheHtmlStandBesideIt() throws Exception {
    MimeMessage message =
        parse(
            compose(
                """
                {"from":"a@example.com","to":["b@example.com"],"text":"t","html":"<img src='cid:logo'>","attachments":[
                 {"filename":"l.png","contentType":"image/png","contentId":"logo","content":"AAAA"},
                 {"filename":"a.pdf","contentType":"application/pdf","content":"BBBB"}]}\
                """));
    Multipart mixed = (Multipart) message.getContent();
    Multipart alternative = (Multipart) mixed.getBodyPart(0).getContent();
    Multipart related = (Multipart) alternative.getBodyPart(1).getContent();
    MimeBodyPart logo = (MimeBodyPart) related.getBodyPart(1);

    assertThat(mixed.getBodyPart(1).getContentType()).startsWith("application/pdf");
    assertThat(related.getContentType()).contains("multipart/related", "type=\"text/html\"");
    assertThat(related.getBodyPart(0).getContentType()).startsWith("text/html");
    assertThat(logo.getContentID()).isEqualTo("<logo>");
    assertThat(logo.getDisposition()).isEqualTo(Part.INLINE);
  }

  @Test
  void blindCopiesStayBlind() throws Exception {
    assertThat(text(compose(SUBMISSION)))
        .doesNotContain("secret@example.net")
        .doesNotContain("\r\nBcc:");
    assertThat(
            text(
                compose(
                    "{\"from\":\"a@example.com\",\"bcc\":[\"secret@example.net\"],\"text\":\"x\"}")))
        .contains("\r\nTo: undisclosed-recipients:;\r\n")
        .doesNotContain("secret");
  }

  @Test
  void anIdUsedAgainLaterNamesAnotherMessageAndARetryTheSame() throws Exception {
    byte[] json = SUBMISSION.getBytes(StandardCharsets.UTF_8);
    MessageFacts facts = Composing.FACTS;
    MessageFacts nextDay =
        new MessageFacts(
            facts.id(),
            facts.route(),
            facts.envelope(),
            facts.contentType(),
            facts.submittedAt().plus(Duration.ofDays(1)),
            Optional.empty(),
            Optional.empty(),
            0,
            0,
            Optional.empty());
    String id = messageId(MimeComposer.compose(json, facts, OwedHeaders.NONE));

    assertThat(messageId(MimeComposer.compose(json, facts.withAttempt(3), OwedHeaders.NONE)))
        .isEqualTo(id);
    assertThat(messageId(MimeComposer.compose(json, nextDay, OwedHeaders.NONE))).isNotEqualTo(id);
  }

  /** PHP escapes the slash, others the plus sign; UTF-16 is JSON too. */
  @Test
  void attachmentsComeThroughHoweverTheirJsonIsWritten() throws Exception {
    String plain =
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"attachments\":[{\"content\":\"+/+/+/8=\",\"filename\":\"ä\"}]}";
    String expected = text(compose(plain));

    assertThat(expected).contains("\r\n\r\n+/+/+/8=\r\n--");
    assertThat(text(compose(plain.replace("/", "\\/")))).isEqualTo(expected);
    assertThat(text(compose(plain.replace("+", "\\u002B").replace("8=", "8\\u003d"))))
        .isEqualTo(expected);
    byte[] utf16 = plain.getBytes(StandardCharsets.UTF_16);
    assertThat(text(MimeComposer.compose(utf16, Composing.FACTS, OwedHeaders.NONE)))
        .isEqualTo(expected);
  }

  @Test
  void attachmentsStandInLinesOf76() throws Exception {
    String message =
        text(
            compose(
                "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"attachments\":[{\"content\":\""
                    + "A".repeat(160)
                    + "\"}]}"));

    assertThat(message)
        .contains("\r\n\r\n" + ("A".repeat(76) + "\r\n").repeat(2) + "AAAAAAAA\r\n--");
  }

  /** Admission refuses these; a record that passed by it must still not write another field. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"subject\":\"a\\r\\nBcc: x@y.zz\"",
        "\"headers\":{\"X-A\":\"a\\nb\"}",
        "\"headers\":{\"X-A: b\\r\\nX-B\":\"c\"}",
        "\"replyTo\":\"\\\"a\\r\\nBcc: x@y.zz\\\" <a@example.com>\"",
        "\"attachments\":[{\"content\":\"AAAA\",\"filename\":\"a\\rb\"}]",
        "\"attachments\":[{\"content\":\"AAAA\",\"contentId\":\"a\\nb\"}]",
        "\"attachments\":[{\"content\":\"AAAA\",\"contentType\":\"a/b\\r\\nX: y\"}]",
        "\"attachments\":[{\"content\":\"AA\\r\\n--=_\"}]"
      })
  void noFieldCanWriteAnother(String field) {
    assertThatThrownBy(() ->
            compose(
                "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"html\":\"x\","
                    + field
                    + "}"))
        .isInstanceOf(ComposeException.class);
  }

  private static String encoding(String body) throws Exception {
    return parse(
            compose(
                "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"text\":"
                    + quoted(body)
                    + "}"))
        .getHeader("Content-Transfer-Encoding")[0];
  }

  private static String messageId(byte[] message) throws Exception {
    return parse(message).getMessageID();
  }

  /** Without spaces at its ends: a header field's body has none. */
  private static String random(int seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(40); i >= 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
      text.append(random.nextInt(4) == 0 ? " " : "");
    }
    return text.append("x").toString();
  }

  private static void assertLines(byte[] message, int seed) {
    String latin = new String(message, StandardCharsets.ISO_8859_1);
    assertThat(latin.replace("\r\n", "")).as("seed %d", seed).doesNotContain("\r", "\n");
    assertThat(latin.split("\r\n")).as("seed %d", seed).allMatch(line -> line.length() <= 998);
    String header = latin.substring(0, latin.indexOf("\r\n\r\n"));
    // One piece of the seeds is 104 characters long and may not be broken.
    assertThat(header.split("\r\n"))
        .as("seed %d", seed)
        .allMatch(line ->
            line.length() <= 78 || !line.strip().contains(" ") || line.contains("without-an-end"))
        .noneMatch(String::isBlank);
  }
}
