package io.tandemmail.worker.compose;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MimeComposerTest {
  private static final Instant SUBMITTED = Instant.parse("2026-11-24T10:00:00Z");
  private static final String SUBMISSION =
      """
      {"from":"Bücher <shop@example.com>","to":["Ann <ann@example.net>"],"bcc":["secret@example.net"],"subject":"Grüße €",
       "text":"Hallo\\n.Punkt\\n","html":"<p>Hallo €</p>","headers":{"X-Campaign":"spring"},
       "attachments":[{"filename":"rechnung-ä.pdf","contentType":"application/pdf","content":"AAECAwQ="}]}\
      """;

  @Test
  void everyAttemptSendsTheSameBytes() throws Exception {
    assertThat(compose(SUBMISSION)).isEqualTo(compose(SUBMISSION));
    assertThat(text(compose(SUBMISSION))).contains("Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n");
  }

  @Test
  void aMailReaderSeesWhatWasSubmitted() throws Exception {
    MimeMessage message = parse(compose(SUBMISSION));

    assertThat(message.getSubject()).isEqualTo("Grüße €");
    assertThat(message.getFrom()[0].toString()).contains("shop@example.com");
    assertThat(message.getHeader("X-Campaign")).containsExactly("spring");
    Multipart mixed = (Multipart) message.getContent();
    Multipart alternative = (Multipart) mixed.getBodyPart(0).getContent();
    assertThat(alternative.getBodyPart(0).getContent()).isEqualTo("Hallo\r\n.Punkt\r\n");
    assertThat((String) alternative.getBodyPart(1).getContent()).contains("Hallo €");
    assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void blindCopiesStayBlind() throws Exception {
    assertThat(text(compose(SUBMISSION)))
        .doesNotContain("secret@example.net")
        .doesNotContain("\r\nBcc:");
  }

  @Test
  void linesEndInCrLfAndFit() throws Exception {
    String longLines =
        "{\"from\":\"a@example.com\",\"to\":[\"b@example.com\"],\"subject\":\""
            + "word ".repeat(300)
            + "\",\"text\":\""
            + "x".repeat(5000)
            + "\"}";
    String message = text(compose(longLines));

    assertThat(message.replace("\r\n", "")).doesNotContain("\n").doesNotContain("\r");
    assertThat(message.split("\r\n")).allMatch(line -> line.length() <= 998);
  }

  private static byte[] compose(String json) throws ComposeException {
    return MimeComposer.compose(
        json.getBytes(StandardCharsets.UTF_8), "m1", "bounce@example.com", SUBMITTED);
  }

  private static String text(byte[] message) {
    return new String(message, StandardCharsets.UTF_8);
  }

  private static MimeMessage parse(byte[] message) throws Exception {
    return new MimeMessage(
        Session.getInstance(new Properties()), new ByteArrayInputStream(message));
  }
}
